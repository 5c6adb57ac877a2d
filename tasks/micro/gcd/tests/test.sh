#!/bin/sh
# Only the last line of hidden.py writes a 1: a solution that exits early or never ends keeps the 0.
TESTS_DIR="${TESTS_DIR:-/tests}"
LOGS_DIR="${LOGS_DIR:-/logs}"
export LOGS_DIR
command -v python3 > /dev/null || exit 127 # no reward at all: a broken environment is not a failed solution
mkdir -p "$LOGS_DIR/verifier"
echo 0 > "$LOGS_DIR/verifier/reward.txt"
limit=""
command -v timeout > /dev/null && limit="timeout -k 1 20" # macOS has none; there the verifier's own limit ends it
$limit python3 -B "$TESTS_DIR/hidden.py" < /dev/null
