#!/usr/bin/env bash
# Makes the demonstration with the clock on each day of a year: scripts/at-every-day.sh [FIRST] [HOW MANY]. Names the days on
# which it cannot be made. About ten seconds a day; the suite has days at the edges.
set -euo pipefail
cd "$(dirname "$0")/.."
first=${1:-2026-12-01}
days=
for ((at = 0; at < ${2:-365}; at += 1)); do days+=" $(date -u -d "$first + $at days" +%F)"; done
export JIEDUI_TEST_MADE_ON=$days
cargo nextest run -p jiedui --no-capture -E 'test(can_be_made_on_any_day)'
