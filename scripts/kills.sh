#!/usr/bin/env bash
# Kills the server, and the database under it, in the middle of many writes, and looks whether anything that was answered
# is lost: scripts/kills.sh BINARY ROUNDS. Both engines; PostgreSQL writes as on a server that keeps things.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
rounds=$2

if [ -z "${3:-}" ]; then
  node scripts/kills.mjs "$binary" "$rounds"
  unset JIEDUI_TEST_POSTGRES
  JIEDUI_POSTGRES_LASTS=1 exec scripts/with-postgres.sh "$0" "$binary" "$rounds" postgres
fi
fresh() { # an empty database
  psql --quiet "$JIEDUI_TEST_POSTGRES" -c "CREATE DATABASE $1"
  echo "${JIEDUI_TEST_POSTGRES%/*}/$1"
}
node scripts/kills.mjs "$binary" "$rounds" "$(fresh kills_server)"
JIEDUI_KILLS_STOP=$JIEDUI_TEST_POSTGRES_STOP JIEDUI_KILLS_START=$JIEDUI_TEST_POSTGRES_START \
  node scripts/kills.mjs "$binary" "$rounds" "$(fresh kills_database)"
