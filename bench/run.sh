#!/usr/bin/env bash
# Speed and size of the release build on demonstration data, as a Markdown table. `make bench`.
#   JIEDUI_BENCH_SECONDS   length of each load (10)
#   JIEDUI_BENCH_BINARY    a binary built elsewhere; the default is built here
# Load and server share the machine, so the figures are lower than two machines would give. One session asks for one
# address again and again: what the server keeps of a finished page counts in its favour here, as it does in use.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${JIEDUI_BENCH_SECONDS:-10}
connections=8
target=${CARGO_TARGET_DIR:-target}

missing=()
command -v wrk >/dev/null || missing+=("wrk（apt-get install wrk）")
command -v node >/dev/null || missing+=("Node.js 20")
if [ ${#missing[@]} -gt 0 ]; then echo "缺少：$(IFS=、; echo "${missing[*]}")" >&2; exit 69; fi

if [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then cargo build --release --quiet -p jiedui; fi
binary=${JIEDUI_BENCH_BINARY:-$target/release/jiedui}

work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-bench.XXXXXX")
server= peer=
finish() {
  trap - EXIT
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$peer" ] || kill "$peer" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
. bench/lib.sh

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
client() { node bench/client.mjs "$@"; }

# --- start, and memory when idle
port=$(free_port)
base="http://127.0.0.1:$port"
data="$work/data"
echo "bench: making the demonstration" >&2
client start "$base" "$binary" demo --data "$data" --listen "127.0.0.1:$port" >/dev/null
echo "bench: ten starts" >&2
started=$(for _ in 1 2 3 4 5 6 7 8 9 10; do
  client start "$base" "$binary" serve --data "$data" --listen "127.0.0.1:$port"
done | median)

"$binary" serve --data "$data" --listen "127.0.0.1:$port" 2>"$work/log" &
server=$!
client wait "$base/healthz" >/dev/null
sleep 2
resident() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$server/status"; }
idle=$(resident)

# --- load
declare -A rate p99 failed
load() { # name url cookie
  wrk -t2 "-c$connections" "-d${seconds}s" --latency -H "Cookie: $3" "$2" >"$work/$1.wrk"
  rate[$1]=$(awk '/^Requests\/sec/ { printf "%.0f", $2 }' "$work/$1.wrk")
  p99[$1]=$(awk '$1 == "99%" { n = $2 + 0; if ($2 ~ /us$/) n /= 1000; else if ($2 !~ /ms$/) n *= 1000; printf "%.1f", n }' \
    "$work/$1.wrk")
  # A fast answer that is an error, or a sign-in page, is no answer.
  failed[$1]=$(awk '/Non-2xx/ { n += $NF } /Socket errors/ { n += $4 + $6 + $8 + $10 } END { print n + 0 }' "$work/$1.wrk")
}
province=$(client signin "$base" sheng)
school=$(client signin "$base" xianji)
page() { curl --silent --fail --header "Cookie: $1" "$base$2"; }
differ() { if [ "$(page "$province" "$1" | cksum)" != "$(page "$school" "$1" | cksum)" ]; then echo yes; else echo NO; fi; }
overview_differs=$(differ /overview)
list_differs=$(differ /entries)

echo "bench: load" >&2
# The confirmation falls into the first load, half way through.
(sleep "$((seconds / 2))"; client confirm "$base" "$school" "$province" >"$work/confirmed" 2>&1) &
confirming=$!
load overview-province "$base/overview" "$province"
wait "$confirming" || true
load overview-school "$base/overview" "$school"
load list-province "$base/entries" "$province"
load list-school "$base/entries" "$school"
busy=$(resident)

# --- a peer in the same run: the same page as a file, from a web server
mkdir "$work/www" && chmod 755 "$work" "$work/www"
page "$province" /overview >"$work/www/overview"
chmod 644 "$work/www/overview"
peer_port=$(free_port)
if command -v nginx >/dev/null; then
  peer_name="nginx, the same page as a file"
  cat >"$work/nginx.conf" <<CONF
worker_processes 2;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 64; }
http {
  access_log off;
  default_type text/html;
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$peer_port; root $work/www; }
}
CONF
  nginx -c "$work/nginx.conf" 2>"$work/nginx.err" &
else
  peer_name="python3 -m http.server, the same page as a file"
  python3 -m http.server --bind 127.0.0.1 --directory "$work/www" "$peer_port" >/dev/null 2>&1 &
fi
peer=$!
client wait "http://127.0.0.1:$peer_port/overview" >/dev/null
load peer "http://127.0.0.1:$peer_port/overview" none=1

# --- the maintainer's wait: check again after an edit of a page
checked="not measured"
touched=$(ls crates/jiedui/src/*/*/pages.rs 2>/dev/null | head -n 1 || true)
if [ -n "$touched" ] && [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then
  cargo check --quiet -p jiedui
  checked="$(for _ in 1 2 3; do
    touch "$touched"
    begun=$(date +%s%N)
    cargo check --quiet -p jiedui
    echo $((($(date +%s%N) - begun) / 1000000))
  done | median) ms"
fi

# --- the table
ratio() { awk -v a="${rate[$1]}" -v b="${rate[peer]}" 'BEGIN { printf "%.2f", b ? a / b : 0 }'; }
row() { echo "| $1, $connections connections | ${rate[$2]} req/s, p99 ${p99[$2]} ms, failed ${failed[$2]} | ≥ 1,000 req/s, p99 ≤ 30 ms, 0 | $(ratio "$2") |"; }
cat <<TABLE

| what | measured | wanted | to the peer |
|---|---|---|---|
| start to first page, existing data, median of 10 | $started ms | ≤ 300 ms | |
| memory when idle (after the loads) | $idle MB ($busy MB) | ≤ 60 MB | |
$(row "overview, province" overview-province)
$(row "overview, county school" overview-school)
$(row "list of 25, province" list-province)
$(row "list of 25, county school" list-school)
| a confirmation during the load | $(cat "$work/confirmed") | visible in the next answer | |
| overview / list differ between the two roles | $overview_differs / $list_differs | yes / yes | |
| cargo check after touching a page, median of 3 | $checked | ≤ 5,000 ms | |
| peer: $peer_name | ${rate[peer]} req/s, p99 ${p99[peer]} ms | | 1.00 |

$(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $(du -k "$binary" | awk '{ printf "%.1f", $1 / 1024 }') MB binary, ${seconds} s a load, $(wrk -v 2>&1 | head -n 1 | cut -d' ' -f1-2), data $(du -sk "$data" | awk '{ printf "%.1f", $1 / 1024 }') MB.
TABLE
