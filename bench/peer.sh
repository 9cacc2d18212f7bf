#!/usr/bin/env bash
# Our pages beside Directus on SQLite with as many rows, in one run, as a Markdown table:
#   bench/peer.sh BINARY DATA DIRECTUS    DIRECTUS is a directory in which `npm install directus sqlite3` was run
# Eight connections, no address twice, nothing kept on either side; `bench/ledger.sh` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$1 data=$2 directus=$3
seconds=${JIEDUI_BENCH_SECONDS:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-bench.XXXXXX")
server= peer=
trap 'kill ${server:+"$server"} ${peer:+"$peer"} 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
. bench/lib.sh

memory() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }
ask() { # kind base header: requests a second
  python3 bench/peer.py requests "$1" "$data" >"$work/requests"
  BENCH_REQUESTS="$work/requests" wrk -t1 -c8 "-d${seconds}s" --latency --timeout 60s -s bench/peer.lua -H "$3" "$2" >"$work/wrk"
  awk '/^Requests\/sec/ { rate = $2 } /Non-2xx/ { bad = $NF } $1 == "99%" { p99 = $2 }
    END { printf "%.1f req/s, p99 %s, failed %d", rate, p99, bad }' "$work/wrk"
}

export DB_CLIENT=sqlite3 DB_FILENAME="$work/directus.sqlite" SECRET=bench ADMIN_EMAIL=bench@example.com ADMIN_PASSWORD=bench-bench
export CACHE_ENABLED=false RATE_LIMITER_ENABLED=false TELEMETRY=false LOG_LEVEL=error HOST=127.0.0.1 PORT
PORT=$(free_port)
(cd "$directus" && node node_modules/directus/cli.js bootstrap) >"$work/bootstrap" 2>&1
rows=$(python3 bench/peer.py fill "$data" "$DB_FILENAME")
(cd "$directus" && exec node node_modules/directus/cli.js start) >"$work/directus.log" 2>&1 &
peer=$!
node bench/client.mjs wait "http://127.0.0.1:$PORT/server/ping" >/dev/null
token="Authorization: Bearer bench"
declare -A theirs
for kind in list item sum create; do theirs[$kind]=$(ask "$kind" "http://127.0.0.1:$PORT" "$token"); done
their_memory=$(memory "$peer")
kill "$peer"; wait "$peer" 2>/dev/null || true
peer=

port=$(free_port)
"$binary" serve --data "$data" --listen "127.0.0.1:$port" >/dev/null 2>"$work/log" &
server=$!
node bench/client.mjs wait "http://127.0.0.1:$port/healthz" >/dev/null
wait_checked "$work/log"
cookie="Cookie: $(node bench/client.mjs signin "http://127.0.0.1:$port" sheng)"
declare -A ours
for kind in list item sum; do ours[$kind]=$(ask "ours-$kind" "http://127.0.0.1:$port" "$cookie"); done
our_token=$("$binary" token create --data "$data" --account sheng --name bench --days 1 2>/dev/null)
for kind in list item sum; do ours[api-$kind]=$(ask "api-$kind" "http://127.0.0.1:$port" "Authorization: Bearer $our_token"); done
echo
echo "### beside Directus $(node -p "require('$directus/node_modules/directus/package.json').version"), $rows entries, SQLite, 8 connections"
echo
echo "| what | ours, rows as JSON | ours, the whole page | Directus |"
echo "|---|---|---|---|"
echo "| list of 25, newest first (page and Directus: with count) | ${ours[api-list]} | ${ours[list]} | ${theirs[list]} |"
echo "| one entry | ${ours[api-item]} | ${ours[item]} | ${theirs[item]} |"
echo "| a sum by school (ours: an indicator with its sums) | ${ours[api-sum]} | ${ours[sum]} | ${theirs[sum]} |"
echo "| one more row (ours: bench/writes.sh) | | | ${theirs[create]} |"
echo "| memory after it, MB | | $(memory "$server") | $their_memory |"
