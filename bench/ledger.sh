#!/usr/bin/env bash
# What pages cost over the size of the ledger, as Markdown tables and one drawing (bench/ledger.svg). `bench/ledger.sh`
#   JIEDUI_BENCH_SIZES     entries of the ledgers (10000 100000 1000000; the last takes some GB)
#   JIEDUI_BENCH_ENGINES   sqlite, or "sqlite postgres" (sqlite)
#   JIEDUI_BENCH_KEEP      a directory in which the SQLite ledgers are kept, and found again
#   JIEDUI_BENCH_SECONDS   length of the mixed load (10)
#   JIEDUI_BENCH_BINARY    a binary built elsewhere; the default is built here
#   JIEDUI_BENCH_PLOT      where the drawing goes (bench/ledger.svg)
#   JIEDUI_BENCH_PEER      a directory into which Directus was installed (npm install directus sqlite3): beside it
set -euo pipefail
cd "$(dirname "$0")/.."
sizes=${JIEDUI_BENCH_SIZES:-10000 100000 1000000}
engines=${JIEDUI_BENCH_ENGINES:-sqlite}
seconds=${JIEDUI_BENCH_SECONDS:-10}
case " $engines " in *" postgres "*)
  if [ -z "${JIEDUI_TEST_POSTGRES:-}" ]; then exec scripts/with-postgres.sh "bench/ledger.sh"; fi ;;
esac
if [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then cargo build --release --quiet -p jiedui; fi
binary=${JIEDUI_BENCH_BINARY:-${CARGO_TARGET_DIR:-target}/release/jiedui}
work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-bench.XXXXXX")
keep=${JIEDUI_BENCH_KEEP:-$work}
mkdir -p "$keep"
results="$work/results"
server=
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  server=
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. bench/lib.sh

note() { printf '{"engine":"%s","size":%s,"%s":%s}\n' "$engine" "$size" "$1" "$2" >>"$results"; }
memory() { awk -v key="$1:" '$1 == key { printf "%.1f", $2 / 1024 }' "/proc/$server/status"; }

# Makes the ledger where it is not kept from before; sets `place`.
make_ledger() {
  local begun bytes
  if [ "$engine" = sqlite ]; then
    place=(--data "$keep/sqlite-$size")
    if [ -e "$keep/sqlite-$size.whole" ]; then return; fi
    rm -rf "$keep/sqlite-$size"
  else
    psql --quiet "$JIEDUI_TEST_POSTGRES" --command "CREATE DATABASE ledger_$size"
    place=(--database "${JIEDUI_TEST_POSTGRES%/*}/ledger_$size")
  fi
  echo "bench: making $size entries on $engine" >&2
  begun=$(date +%s%N)
  "$binary" demo "${place[@]}" --entries "$size" --no-serve >&2
  note made "$((($(date +%s%N) - begun) / 1000000))e-3"
  if [ "$engine" = sqlite ]; then
    bytes=$(du -sb "$keep/sqlite-$size" | cut -f1)
    [ "$keep" = "$work" ] || touch "$keep/sqlite-$size.whole"
  else
    psql --quiet "${place[1]}" --command "VACUUM ANALYZE"
    bytes=$(psql --quiet --tuples-only --no-align "${place[1]}" --command "SELECT pg_database_size(current_database())")
  fi
  note bytes "$((bytes / size))"
}

measure() {
  local port base province school
  port=$(free_port)
  base="http://127.0.0.1:$port"
  "$binary" serve "${place[@]}" --listen "127.0.0.1:$port" >/dev/null 2>"$work/log" &
  server=$!
  node bench/client.mjs wait "$base/healthz" >/dev/null
  sleep 2
  note idle "$(memory VmRSS)"
  # The data are checked beside the work; that must not lie in what is measured.
  wait_checked "$work/log"
  grep -q "agree with the audit log" "$work/log" || { tail -n 5 "$work/log" >&2; exit 1; }
  note checked "$(memory VmRSS)"
  province=$(node bench/client.mjs signin "$base" sheng)
  school=$(node bench/client.mjs signin "$base" xianji)
  echo "bench: $size entries on $engine" >&2
  node bench/ledger.mjs pages "$base" "$engine" "$size" "$province" "$school" >>"$results"
  node bench/ledger.mjs load "$base" "$engine" "$size" "$province" "$school" "$seconds" >>"$results"
  note loaded "$(memory VmRSS)"
  note most "$(memory VmHWM)"
  stop
}

for engine in $engines; do
  for size in $sizes; do
    make_ledger
    measure
  done
done
node bench/ledger.mjs table "$results"
node bench/ledger.mjs plot "$results" "${JIEDUI_BENCH_PLOT:-bench/ledger.svg}"
echo
echo "$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), server and measurement on one machine."
if [ -n "${JIEDUI_BENCH_PEER:-}" ]; then
  for size in $sizes; do
    if [ -d "$keep/sqlite-$size" ]; then
      bench/peer.sh "$binary" "$keep/sqlite-$size" "$JIEDUI_BENCH_PEER"
    fi
  done
fi
