#!/usr/bin/env bash
# The project list with 20,000 projects, and a list of 200 saved and filed. `bench/projects.sh`, as a Markdown table.
#   JIEDUI_BENCH_SECONDS   length of each load (10)
#   JIEDUI_BENCH_BINARY    a binary built elsewhere; the default is built here
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${JIEDUI_BENCH_SECONDS:-10}
command -v wrk >/dev/null || { echo "缺少：wrk（apt-get install wrk）" >&2; exit 69; }
if [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then cargo build --release --quiet -p jiedui; fi
binary=${JIEDUI_BENCH_BINARY:-${CARGO_TARGET_DIR:-target}/release/jiedui}
work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-bench.XXXXXX")
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
port=$((20000 + RANDOM % 40000))
base="http://127.0.0.1:$port"
node bench/client.mjs start "$base" "$binary" demo --data "$work/data" --listen "127.0.0.1:$port" >/dev/null
count=$(python3 bench/projects.py seed "$work/data" 20000)
"$binary" serve --data "$work/data" --listen "127.0.0.1:$port" 2>"$work/log" &
server=$!
node bench/client.mjs wait "$base/healthz" >/dev/null
cookie=$(node bench/client.mjs signin "$base" sheng)
# The first page after a write makes the index; that is told apart from the load.
first=$(curl --silent --output /dev/null --write-out '%{time_total}' --header "Cookie: $cookie" "$base/projects")
load() { # name pages query
  BENCH_PAGES=$2 BENCH_QUERY=$3 wrk -t1 -c8 "-d${seconds}s" --latency -s bench/pages.lua -H "Cookie: $cookie" "$base" >"$work/wrk"
  rate=$(awk '/^Requests\/sec/ { printf "%.0f", $2 }' "$work/wrk")
  p99=$(awk '$1 == "99%" { n = $2 + 0; if ($2 ~ /us$/) n /= 1000; else if ($2 !~ /ms$/) n *= 1000; printf "%.1f", n }' "$work/wrk")
  failed=$(awk '/Non-2xx/ { n += $NF } END { print n + 0 }' "$work/wrk")
  echo "| $1, 8 connections, every page made anew | $rate req/s, p99 $p99 ms, failed $failed | p99 ≤ 30 ms |"
}
echo "| what | measured | wanted |"
echo "|---|---|---|"
echo "| projects of the year | $count | 20,000 |"
echo "| first page after a write | $(awk -v s="$first" 'BEGIN { printf "%.0f", s * 1000 }') ms | |"
wrk -t1 -c8 "-d${seconds}s" --latency -H "Cookie: $cookie" "$base/projects" >"$work/wrk"
echo "| list, province, 8 connections, one address | $(awk '/^Requests\/sec/ { printf "%.0f", $2 }' "$work/wrk") req/s, p99 $(awk '$1 == "99%" { print $2 }' "$work/wrk") | p99 ≤ 30 ms |"
load "list, province" 800 ""
load "list, one state" 200 "&state=late"
load "list, one task" 60 "&task=T4"
echo "| a list of 200 saved and filed | $(python3 bench/projects.py save "$base") | ≤ 200 ms together |"
