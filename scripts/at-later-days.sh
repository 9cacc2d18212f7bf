#!/usr/bin/env bash
# Makes the demonstration with the clock one, two and five years ahead, opens every kind of page in every role and counts
# every figure a second time, on both engines. Takes many minutes; the suite has one of these days.
set -euo pipefail
cd "$(dirname "$0")/.."
export JIEDUI_TEST_DAYS="${1:-sqlite:2027-11-24 postgres:2027-11-24 sqlite:2028-11-24 sqlite:2031-11-24}"
scripts/with-postgres.sh cargo nextest run -p jiedui -E 'test(tests::years)'
