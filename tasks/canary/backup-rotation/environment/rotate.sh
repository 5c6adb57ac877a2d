#!/usr/bin/env bash
# Deletes old backups and keeps the newest of each database.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib/args.sh"
. "$here/lib/list.sh"

check_args "$@"
cd "$1" || exit 2
for database in $(databases); do
    backups_of "$database" | head -n -"$2" | while read -r name; do
        rm "$name"
        echo "deleted $name"
    done
done
