#!/bin/sh
# Without python3 there is no reward at all: a broken environment is not a failed solution.
exec python3 -B "${TESTS_DIR:-/tests}/hidden.py" < /dev/null
