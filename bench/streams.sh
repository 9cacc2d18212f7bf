#!/usr/bin/env bash
# Time and peak memory of whole processes that write and read many rows, as a Markdown table. `bench/streams.sh`
#   JIEDUI_BENCH_ENTRIES   entries of the ledger that is made (200000)
#   JIEDUI_BENCH_DATA      an SQLite data directory with such a ledger, made before (`jiedui demo --entries N --no-serve`)
#   JIEDUI_BENCH_BINARY    a binary built elsewhere; the default is built here
set -euo pipefail
cd "$(dirname "$0")/.."
entries=${JIEDUI_BENCH_ENTRIES:-200000}
target=${CARGO_TARGET_DIR:-target}/release
cargo build --release --quiet -p jiedui-documents --examples
if [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then cargo build --release --quiet -p jiedui; fi
binary=${JIEDUI_BENCH_BINARY:-$target/jiedui}
work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
data=${JIEDUI_BENCH_DATA:-$work/data}
if [ ! -e "$data" ]; then
  echo "bench: making $entries entries" >&2
  "$binary" demo --data "$data" --entries "$entries" --no-serve >&2
fi

# One row of the table: what, goal, and the command.
row() {
  local what=$1 goal=$2
  shift 2
  /usr/bin/time -o "$work/time" -f '%e %M' "$@" >"$work/out"
  awk -v what="$what" -v goal="$goal" '{ printf "| %s | %.1f s, %.0f MB | %s |\n", what, $1, $2 / 1024, goal }' "$work/time"
}

echo '| what | measured | goal |'
echo '|---|---|---|'
row "ledger of $entries entries to a workbook" '≤ 10 s, ≤ 100 MB' "$binary" export --data "$data" --ledger "$work/ledger.xlsx"
row "everything to an archive, the log with it ($(du -sh "$data" | cut -f1) of data)" 'constant memory' \
  "$binary" export --data "$data" --all "$work/all.zip"
row '50,000 rows × 30 columns written row by row' '' "$target/examples/workbooks" make "$work/own.xlsx" 50000 30
row 'read again, as an upload is read' '≤ 10 s, ≤ 150 MB' "$target/examples/workbooks" read "$work/own.xlsx" 30
"$target/examples/workbooks" save "$work/excel.xlsx" 50000 30
row 'the same as Excel saves it' '≤ 10 s, ≤ 150 MB' "$target/examples/workbooks" read "$work/excel.xlsx" 30
echo
echo "$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), SQLite, whole processes (/usr/bin/time)."
