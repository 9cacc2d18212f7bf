#!/usr/bin/env bash
# The open interface as others use it: scripts/api.sh BINARY [CASES]
# 1. schemathesis sends what docs/openapi.json allows and what it forbids, to a demonstration, as a helper and as a county
#    school. Without CASES only its examples and its systematic cases (some 1,000 for each); with CASES at least so many for both.
# 2. A client that a stock generator makes from the same document claims an entry, the other side's answers it, and the figure
#    moves (scripts/api_client.py).
# Both packages come from PyPI into a virtual environment under target/.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/lib.sh
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cases=${2:-0}
tools=${CARGO_TARGET_DIR:-target}/api-tools
if ! cmp -s scripts/api-tools.txt "$tools/made-from.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --requirement scripts/api-tools.txt
  cp scripts/api-tools.txt "$tools/made-from.txt"
fi
tools=$(cd "$tools" && pwd)

home=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-api.XXXXXX")
server=
tear_down() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$home"
}
trap tear_down EXIT
"$binary" demo --data "$home/data" --no-serve 2>"$home/log"
port=$(free_port)
base=http://127.0.0.1:$port
"$binary" serve --data "$home/data" --listen "127.0.0.1:$port" >"$home/log" 2>&1 &
server=$!
node bench/client.mjs wait "$base/signin" >/dev/null
for account in qiantou xianji; do
  "$binary" token create --data "$home/data" --account "$account" --name 接口测试 --days 1 --write >"$home/$account" 2>/dev/null
done

failed=0
# Cases of one operation, so that all of them for both accounts come to so many.
operations=$("$tools/bin/python" -c 'import json; print(sum(len(one) for one in json.load(open("docs/openapi.json"))["paths"].values()))')
if [ "$cases" -gt 0 ]; then
  form=(--phases "examples,coverage,fuzzing,stateful" --max-examples "$((cases / operations / 2 + 1))")
else
  form=(--phases "examples,coverage")
fi
for account in qiantou xianji; do
  # What is right in its form may be refused for what it says (a day in the future, a pairing that is not there), and is.
  # It keeps what it found where it runs.
  (cd "$home" && "$tools/bin/st" run "$OLDPWD/docs/openapi.json" --url "$base" --header "Authorization: Bearer $(cat "$home/$account")" "${form[@]}" \
    --exclude-checks positive_data_acceptance --continue-on-failure --seed 20261130 --suppress-health-check all \
    --warnings off --no-color) >"$home/said" 2>&1 || { failed=1; cat "$home/said"; }
  grep -A1 '^Test cases' "$home/said" | tail -1 | sed "s/^ */schemathesis as $account: /"
done

"$tools/bin/openapi-python-client" generate --path docs/openapi.json --meta none --output-path "$home/generated" >"$home/said" 2>&1 \
  || { failed=1; cat "$home/said"; }
PYTHONPATH=$home "$tools/bin/python" scripts/api_client.py "$base" "$home/qiantou" "$home/xianji" || failed=1
if ! kill -0 "$server" 2>/dev/null; then echo "api: the server ended"; failed=1; fi
if grep -E "panicked" "$home/log"; then failed=1; fi
exit "$failed"
