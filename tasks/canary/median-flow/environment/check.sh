#!/bin/sh
gcc -O1 -Wall -o median median.c || exit 1
expect() {
    got=$(echo "$1" | ./median)
    if [ "$got" != "$2" ]; then
        echo "for $1 it printed '$got', expected '$2'"
        exit 1
    fi
}
expect "3 1 2" "2"
expect "8 5 7 12" "7.5"
expect "" "no data"
echo "check passed"
