#!/usr/bin/env bash
# How many claims a second last, and how long one waits: 1, 8 and 64 clients, both engines, as a Markdown table each.
#   JIEDUI_BENCH_SECONDS   length of each load (10)
#   JIEDUI_BENCH_BINARY    a binary built elsewhere; the default is built here
# Clients and server share the machine. PostgreSQL writes as on a server that keeps things.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${JIEDUI_BENCH_SECONDS:-10}
if [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then cargo build --release --quiet -p jiedui; fi
binary=${JIEDUI_BENCH_BINARY:-${CARGO_TARGET_DIR:-target}/release/jiedui}
. bench/lib.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-writes.XXXXXX")
server=
finish() {
  trap - EXIT
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

measure() { # heading, then where the data lie
  local port base cookie
  port=$(free_port)
  base="http://127.0.0.1:$port"
  "$binary" demo "${@:2}" --listen "127.0.0.1:$port" 2>"$work/log" &
  server=$!
  node bench/client.mjs wait "$base/healthz" >/dev/null
  wait_checked "$work/log"
  cookie=$(node bench/client.mjs signin "$base" qiantou)
  echo "$1"
  echo
  node bench/writes.mjs "$base" "$cookie" "$seconds" 1 8 64
  echo
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}

if [ "${1:-}" = postgres ]; then
  measure "PostgreSQL" --database "$JIEDUI_TEST_POSTGRES"
else
  measure "SQLite" --data "$work/data"
  unset JIEDUI_TEST_POSTGRES
  JIEDUI_POSTGRES_LASTS=1 JIEDUI_BENCH_BINARY=$binary scripts/with-postgres.sh "$0" postgres
fi
