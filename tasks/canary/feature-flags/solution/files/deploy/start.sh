#!/bin/sh
# Version 2 of the search on the test machine.
APP_FAST_SEARCH=1 exec python3 -m app "$@"
