#!/usr/bin/env python3
"""Checks a proof file of 结对通 without the program that made it: python3 check-proof.py FILE [SIZE:ROOT]

A proof file says that one record stands in the audit log: the record's text, its place, the path up to the root (RFC
6962, 2.1.1) and the head that was noted. SIZE:ROOT is a head that you noted elsewhere; without it the file only agrees
with itself. Needs Python 3.8 alone; for a log on SM3 an OpenSSL that has it. The signature of the head is checked by
`jiedui audit check --key`, not here.
"""

import hashlib
import json
import sys


def fail(why):
    print("证明不成立：" + why, file=sys.stderr)
    sys.exit(1)


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    with open(sys.argv[1], encoding="utf-8") as file:
        proof = json.load(file)
    if proof["format"] != "jiedui-proof 1":
        fail("不认识的格式 " + repr(proof["format"]))

    def digest(*parts):
        return hashlib.new(proof["hash"], b"".join(parts)).digest()

    def node_hash(left, right):
        return digest(b"\x01", left, right)

    node = digest(b"\x00", proof["record"].encode("utf-8"))
    at, last = proof["index"], proof["size"] - 1
    if not 0 <= at <= last:
        fail("序号不在日志里")
    # RFC 9162, 2.1.3.2.
    for text in proof["path"]:
        sibling = bytes.fromhex(text)
        if last == 0:
            fail("路径太长")
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        at, last = at >> 1, last >> 1
    if last != 0 or node.hex() != proof["root"]:
        fail("记录、路径与总校验值不相符")
    words = proof["head"].split(" ")
    if words[2] != proof["hash"] or words[4] != str(proof["size"]) or words[5] != proof["root"]:
        fail("总校验值一行与证明不相符")
    if len(sys.argv) == 3 and sys.argv[2].lower() != "%d:%s" % (proof["size"], proof["root"]):
        fail("与另处记下的条数和总校验值不同")
    print("证明成立：" + proof["head"])
    if len(sys.argv) == 2:
        print("请与在系统之外抄存的条数和总校验值比对。")
    print(json.dumps(json.loads(proof["record"]), ensure_ascii=False, indent=2))


main()
