# Lists of what is in the current folder.

# Every backup as "database/number/name".
backups() {
    for name in *.tar; do
        if [[ $name =~ ^(.+)-([0-9]+)\.tar$ ]]; then
            echo "${BASH_REMATCH[1]}/$((10#${BASH_REMATCH[2]}))/$name"
        fi
    done
}

# Names of the databases that have backups, each once.
databases() {
    backups | cut -d/ -f1 | LC_ALL=C sort -u
}

# Backups of one database, the oldest first.
backups_of() {
    backups | awk -F/ -v database="${1//\\/\\\\}" '$1 == database { print $2 "/" $3 }' | sort -n | cut -d/ -f2
}
