#!/usr/bin/env bash
# Runs a command against a PostgreSQL that lives only as long as the command does:
#   scripts/with-postgres.sh cargo test --workspace
#   scripts/with-postgres.sh --find        prints the directory of the server binaries, or fails
# The command finds its server in JIEDUI_TEST_POSTGRES. Where that is set already (a PostgreSQL-compatible
# engine under test, say), nothing is started. Speed before safety: nothing in this cluster is worth keeping.
set -euo pipefail

least=15

usable() { # a directory with a whole server, new enough
  [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/postgres" ] || return 1
  local major
  major=$("$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
  [ "${major:-0}" -ge "$least" ]
}

find_server() {
  # The distribution's own directories first: what PATH names `postgres` may be a client or a wrapper.
  local dir
  while read -r dir; do
    if [ -n "$dir" ] && usable "$dir"; then echo "$dir"; return 0; fi
  done < <(
    printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
    pg_config --bindir 2>/dev/null || true
    printf '%s\n' "$PATH" | tr ':' '\n'
  )
  return 1
}

if [ "${1:-}" = "--find" ]; then find_server; exit; fi
if [ $# -eq 0 ]; then echo "usage: scripts/with-postgres.sh COMMAND…" >&2; exit 64; fi
if [ -n "${JIEDUI_TEST_POSTGRES:-}" ]; then exec "$@"; fi

bin=$(find_server) || { echo "缺少：PostgreSQL ${least} 以上（apt-get install postgresql-15）" >&2; exit 69; }
home=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-pg.XXXXXX")

# The server refuses to run as root, so root hands the cluster to an account without rights.
as=()
if [ "$(id -u)" -eq 0 ]; then
  account=postgres
  id "$account" >/dev/null 2>&1 || account=nobody
  chown "$account" "$home"
  if command -v setpriv >/dev/null; then
    as=(setpriv "--reuid=$account" "--regid=$(id -g "$account")" --clear-groups --)
  else
    as=(runuser -u "$account" --)
  fi
fi

server() { (cd "$home" && "${as[@]}" "$bin/pg_ctl" -D "$home/data" -l "$home/log" "$@"); }

tear_down() {
  trap - EXIT INT TERM HUP
  server -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap tear_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# C collation: text sorts by its bytes, as in SQLite, so both engines give one order.
(cd "$home" && "${as[@]}" "$bin/initdb" -D data -U postgres -A trust --locale=C --encoding=UTF8 --no-sync) \
  >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; exit 1; }

# A port that was free a moment ago may be taken by now: several tries, each with another one.
started=
for _ in 1 2 3 4 5 6 7 8; do
  port=$((20000 + RANDOM % 40000))
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
  options="-c listen_addresses=127.0.0.1 -p $port -k $home -c fsync=off -c synchronous_commit=off"
  # With JIEDUI_POSTGRES_LASTS=1 a commit waits for the disk, as on a server that keeps what people enter.
  if [ -n "${JIEDUI_POSTGRES_LASTS:-}" ]; then options="-c listen_addresses=127.0.0.1 -p $port -k $home"; fi
  options="$options -c full_page_writes=off -c max_connections=200 -c wal_level=minimal -c max_wal_senders=0 -c jit=off ${JIEDUI_POSTGRES_OPTIONS:-}"
  if server -w -t 60 -o "$options" start >/dev/null 2>&1; then started=1; break; fi
done
if [ -z "$started" ]; then cat "$home/log" >&2; exit 1; fi

# The tools of the server's own version, for backups.
export PATH="$bin:$PATH"
export JIEDUI_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
# For tests that kill the database itself: stopped at once as by a crash, and started again.
control="cd $home && ${as[*]} $bin/pg_ctl -D $home/data"
export JIEDUI_TEST_POSTGRES_STOP="$control -m immediate stop >/dev/null"
export JIEDUI_TEST_POSTGRES_START="$control -l $home/log -w -t 60 -o '$options' start >/dev/null"
# In the background and waited for, so that a signal reaches tear_down at once and takes the command along.
set +e
"$@" <&0 &
child=$!
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 130' INT
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 143' TERM HUP
wait "$child"
exit $?
