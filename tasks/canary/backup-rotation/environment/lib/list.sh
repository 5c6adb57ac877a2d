# Lists of what is in the current folder.

# Names of the databases that have backups, each once.
databases() {
    ls | grep '\.tar$' | cut -d- -f1 | sort -u
}

# Backups of one database, the oldest first.
backups_of() {
    ls | grep "^$1-" | sort
}
