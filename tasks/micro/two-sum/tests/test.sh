#!/bin/sh
# Only the last line of hidden.py writes a 1 here: a solution that exits early or never ends keeps the 0.
TESTS_DIR="${TESTS_DIR:-/tests}"
LOGS_DIR="${LOGS_DIR:-/logs}"
export LOGS_DIR
mkdir -p "$LOGS_DIR/verifier"
echo 0 > "$LOGS_DIR/verifier/reward.txt"
timeout -k 1 20 python3 -B "$TESTS_DIR/hidden.py" < /dev/null
