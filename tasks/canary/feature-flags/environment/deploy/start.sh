#!/bin/sh
# Version 2 of the search on the test machine.
APP_LEGACY_SEARCH=0 exec python3 -m app "$@"
