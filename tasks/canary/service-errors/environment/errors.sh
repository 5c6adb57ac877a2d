#!/bin/sh
# Errors of each service in a log, the most first.
grep "ERROR" "$1" | cut -d " " -f 3 | tr -d ":" | sort | uniq -c | sort -r
