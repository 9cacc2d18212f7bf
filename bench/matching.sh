#!/usr/bin/env bash
# The matching solver beside HiGHS, as a Markdown table. HiGHS comes from PyPI into a directory of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-target}"
venv="$target/highs"
[ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet highspy numpy; }
cargo build --release --quiet -p jiedui-matching --example measure
[ -n "${JIEDUI_BENCH_BINARY:-}" ] || cargo build --release --quiet -p jiedui
exec "$venv/bin/python" bench/matching.py "$target/release/examples/measure" "${JIEDUI_BENCH_BINARY:-$target/release/jiedui}" "${1:-60}"
