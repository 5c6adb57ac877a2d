#!/usr/bin/env bash
cd "$(dirname "$0")/.."
place=$(mktemp -d)
for n in 2 3 4 5 6 7 8 9 10 11; do : > "$place/shop-$n.tar"; done
: > "$place/web-shop-1.tar"
: > "$place/notes.txt"
got=$(bash rotate.sh "$place" 3 && ls "$place")
expected="deleted shop-2.tar
deleted shop-3.tar
deleted shop-4.tar
deleted shop-5.tar
deleted shop-6.tar
deleted shop-7.tar
deleted shop-8.tar
notes.txt
shop-10.tar
shop-11.tar
shop-9.tar
web-shop-1.tar"
if [ "$got" != "$expected" ]; then
    echo "got:"; echo "$got"
    exit 1
fi
echo "check passed"
