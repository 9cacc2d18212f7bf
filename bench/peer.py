#!/usr/bin/env python3
"""Gives a Directus on SQLite the entries of a ledger of ours (see bench/peer.sh):

  fill OURS THEIRS    copies the rows, with the indexes that the questions need
  requests KIND OURS  prints the requests of a kind, for bench/peer.lua
"""
import json, os, sqlite3, sys

COLUMNS = (
    "e.id, p.county_school AS school, e.pairing, e.activity, e.claimant, e.from_day, e.to_day, e.quantity, e.confirmed,"
    " e.state, e.fields, e.claimed_at"
)


def fill(ours, theirs):
    db = sqlite3.connect(theirs)
    db.execute("ATTACH ? AS ours", (os.path.join(ours, "jiedui.sqlite"),))
    db.execute(
        "CREATE TABLE entry (id TEXT PRIMARY KEY, school TEXT, pairing TEXT, activity TEXT, claimant TEXT, from_day DATE,"
        " to_day DATE, quantity INTEGER, confirmed INTEGER, state TEXT, fields TEXT, claimed_at TEXT)"
    )
    db.execute(f"INSERT INTO entry SELECT {COLUMNS} FROM ours.entry e JOIN ours.pairing p ON p.id = e.pairing")
    db.execute("CREATE INDEX entry_by_day ON entry (to_day, id)")
    db.execute("CREATE INDEX entry_by_school ON entry (school, quantity)")
    db.execute("INSERT INTO directus_collections (collection) VALUES ('entry')")
    db.execute("UPDATE directus_users SET token = 'bench'")
    db.commit()
    print(db.execute("SELECT COUNT(*) FROM entry").fetchone()[0])


def requests(kind, ours):
    db = sqlite3.connect(os.path.join(ours, "jiedui.sqlite"))
    ids = [row[0] for row in db.execute("SELECT id FROM entry ORDER BY substr(id, 13) LIMIT 500")]
    row = {"id": "new-NUMBER-" + str(os.getpid()), "school": "s", "pairing": "p", "activity": "visit", "claimant": "c"}
    row |= {"from_day": "2026-01-05", "to_day": "2026-01-05", "quantity": 1, "confirmed": 0, "state": "claimed"}
    lines = {
        "ours-list": ["GET /entries"],
        "ours-item": [f"GET /entries/{id}" for id in ids],
        "ours-sum": ["GET /indicators/visits?year=2026"],
        "api-list": ["GET /api/v1/entries?limit=25"],
        "api-item": [f"GET /api/v1/entries/{id}" for id in ids],
        "api-sum": ["GET /api/v1/figures/visits?year=2026"],
        "list": ["GET /items/entry?limit=25&sort=-to_day,-id&meta=filter_count"],
        "item": [f"GET /items/entry/{id}" for id in ids],
        "sum": ["GET /items/entry?aggregate[sum]=quantity&groupBy[]=school&limit=-1"],
        "create": ["POST /items/entry " + json.dumps(row)],
    }
    print("\n".join(lines[kind]))


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(*sys.argv[2:])
    else:
        requests(*sys.argv[2:])
