#!/bin/sh
# Errors of each service in a log, the most first.
if [ $# -ne 1 ]; then
    echo "usage: errors.sh FILE" >&2
    exit 2
fi
awk 'tolower($2) == "error" { sub(/:$/, "", $3); count[$3]++ }
     END { for (service in count) print service, count[service] }' "$1" | LC_ALL=C sort -k2,2nr -k1,1
