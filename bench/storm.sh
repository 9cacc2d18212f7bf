#!/usr/bin/env bash
# A month's end on a ledger of some size: pages and claims mixed 4 to 1, no address twice; afterwards log and
# figures are verified. That no answered claim is lost is what scripts/kills.sh looks for. Markdown on standard output.
#   JIEDUI_BENCH_SIZE      entries of the ledger (100000)
#   JIEDUI_BENCH_ACTS      requests (6000)
#   JIEDUI_BENCH_CLIENTS   at a time ("8 64")
#   JIEDUI_BENCH_DATA      a directory with a ledger, which is copied first; made otherwise
#   JIEDUI_BENCH_BINARY    a binary built elsewhere; the default is built here
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then cargo build --release --quiet -p jiedui; fi
binary=${JIEDUI_BENCH_BINARY:-${CARGO_TARGET_DIR:-target}/release/jiedui}
work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-storm.XXXXXX")
server=
finish() {
  trap - EXIT
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
. bench/lib.sh

if [ -n "${JIEDUI_BENCH_DATA:-}" ]; then
  cp -r "$JIEDUI_BENCH_DATA" "$work/data"
else
  "$binary" demo --data "$work/data" --entries "${JIEDUI_BENCH_SIZE:-100000}" --no-serve >/dev/null 2>&1
fi
port=$(free_port)
base="http://127.0.0.1:$port"
"$binary" serve --data "$work/data" --listen "127.0.0.1:$port" >/dev/null 2>"$work/log" &
server=$!
node bench/client.mjs wait "$base/healthz" >/dev/null
wait_checked "$work/log"
for clients in ${JIEDUI_BENCH_CLIENTS:-8 64}; do
  province=$(node bench/client.mjs signin "$base" sheng)
  school=$(node bench/client.mjs signin "$base" xianji)
  helper=$(node bench/client.mjs signin "$base" qiantou)
  node bench/storm.mjs "$base" "${JIEDUI_BENCH_ACTS:-6000}" "$clients" "$province" "$school" "$helper" 2>"$work/said"
  sed 's/^/bench: /' "$work/said" >&2
done
echo
echo "Memory at most: $(awk '$1 == "VmHWM:" { printf "%.0f MB", $2 / 1024 }' "/proc/$server/status")"
kill "$server"
wait "$server" 2>/dev/null || true
server=
"$binary" audit verify --data "$work/data" | tail -n 2
"$binary" indicators verify --data "$work/data" | tail -n 1
