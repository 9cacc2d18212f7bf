#!/usr/bin/env bash
# The whole suite: unit tests, both database engines, then the browser. `make test`.
# Installs from the package registries what needs no root; names the rest in one line and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
missing=()

for tool in cargo cc; do
  command -v "$tool" >/dev/null || missing+=("$tool（Rust 1.95 与 build-essential）")
done
if [ -z "${JIEDUI_TEST_POSTGRES:-}" ] && ! scripts/with-postgres.sh --find >/dev/null; then
  missing+=("PostgreSQL 15（apt-get install postgresql-15）")
fi
command -v pdftotext >/dev/null || missing+=("pdftotext（apt-get install poppler-utils）")

browser=
if [ -f frontend/tests/run.mjs ]; then
  browser=1
  chromium=${JIEDUI_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
  [ -n "$chromium" ] || missing+=("Chromium（apt-get install chromium fonts-noto-cjk）")
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    missing+=("Node.js 20（nodejs 与 npm）")
  fi
fi

if [ ${#missing[@]} -gt 0 ]; then
  joined=$(printf '、%s' "${missing[@]}")
  echo "缺少：${joined#、}" >&2
  exit 69
fi

# One run serves both engines: a test of the store takes SQLite, and PostgreSQL too since the variable is set.
if command -v cargo-nextest >/dev/null; then
  # To the end, whatever fails: whoever mends wants to see all of it at once.
  scripts/with-postgres.sh cargo nextest run --workspace --no-fail-fast
  # nextest does not run the examples in documentation.
  scripts/with-postgres.sh cargo test --workspace --doc --quiet
else
  scripts/with-postgres.sh cargo test --workspace
fi

if [ -n "$browser" ]; then
  # As the tests were built, their libraries with them: anything less would choose other features and build the same again.
  cargo build --workspace --bins --tests
  (cd frontend && npm ci --no-audit --no-fund --loglevel=error)
  # The binary's path is given whole: both start it from a directory of their own.
  binary="$(cd "$target/debug" && pwd)/jiedui"
  # The browser goes from step to step and keeps one core busy; the kills, which measure no time, take the other.
  log=$(mktemp)
  scripts/kills.sh "$binary" "${JIEDUI_KILLS:-20}" > "$log" 2>&1 &
  kills=$!
  browsed=0
  JIEDUI_BINARY="$binary" JIEDUI_CHROMIUM="$chromium" node frontend/tests/run.mjs || browsed=$?
  killed=0
  wait "$kills" || killed=$?
  cat "$log" && rm -f "$log"
  if [ "$browsed" -ne 0 ] || [ "$killed" -ne 0 ]; then exit 1; fi
else
  echo "browser tests: none yet (frontend/tests/run.mjs)"
fi
echo "test: everything passed"
