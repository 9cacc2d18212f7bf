#!/usr/bin/env bash
# What it costs to keep the figures and to count all of them anew, to make papers, to divide seats and to assess schools, as a
# Markdown table. `bench/figures.sh`
#   JIEDUI_BENCH_BINARY    a binary built elsewhere; the default is built here
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
if [ -z "${JIEDUI_BENCH_BINARY:-}" ]; then cargo build --release --quiet -p jiedui; fi
binary=${JIEDUI_BENCH_BINARY:-$target/release/jiedui}
cargo build --release --quiet -p jiedui-programme --example figures
cargo build --release --quiet -p jiedui-documents --example papers
cargo build --release --quiet -p jiedui-allocation --example seats
cargo build --release --quiet -p jiedui-assessment --example weightings
work=$(mktemp -d "${TMPDIR:-/tmp}/jiedui-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$binary" demo --data "$work/data" --no-serve >/dev/null
echo "| what | measured | wanted |"
echo "|---|---|---|"
"$binary" indicators measure --data "$work/data"
"$target/release/examples/figures" programmes/guangdong-2024 200 36
"$target/release/examples/papers"
"$target/release/examples/seats"
"$target/release/examples/weightings"
"$binary" indicators verify --data "$work/data" >&2
