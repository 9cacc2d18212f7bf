#!/usr/bin/env bash
# Two servers and a worker on one PostgreSQL behind nginx, under load; a server is killed ROUNDS times:
#   scripts/nodes.sh BINARY ROUNDS        2 rounds are the short form
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
rounds=${2:-2}
for tool in nginx psql node; do
  command -v "$tool" >/dev/null || { echo "缺少：$tool" >&2; exit 69; }
done
if [ -z "${3:-}" ]; then
  unset JIEDUI_TEST_POSTGRES
  JIEDUI_POSTGRES_OPTIONS="-c wal_level=replica -c max_wal_senders=4" JIEDUI_POSTGRES_LASTS=${JIEDUI_POSTGRES_LASTS-1} \
    exec scripts/with-postgres.sh "$0" "$binary" "$rounds" postgres
fi
database=${JIEDUI_TEST_POSTGRES%/*}/nodes
psql --quiet "$JIEDUI_TEST_POSTGRES" -c "CREATE DATABASE nodes TEMPLATE template0"

# A replica that follows by the log, where the program reads from one.
replica=()
if [[ $("$binary" serve --help) == *--database-read* ]]; then
  . bench/lib.sh
  home=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-replica.XXXXXX")
  as=()
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$home"
    as=(setpriv --reuid=postgres "--regid=$(id -g postgres)" --clear-groups --)
  fi
  port=$(free_port)
  control() { (cd "$home" && "${as[@]}" pg_ctl -D "$home/data" -l "$home/log" "$@" >/dev/null); }
  trap 'control -m immediate stop || true; rm -rf "$home"' EXIT
  (cd "$home" && "${as[@]}" pg_basebackup -d "${JIEDUI_TEST_POSTGRES}" -D "$home/data" -X stream -c fast -R)
  control -w -o "-c port=$port -c listen_addresses=127.0.0.1 -k $home -c hot_standby_feedback=on -c max_connections=200" start
  replica=("postgres://postgres@127.0.0.1:$port/nodes")
fi
node scripts/nodes.mjs "$binary" "$rounds" "$database" "${replica[@]}"
