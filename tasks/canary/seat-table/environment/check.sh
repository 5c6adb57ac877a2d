#!/bin/sh
got=$(printf 'reserve 1 Ann\nreserve 17 Ben\ncancel 1\nwho 17\ncount\nreserve 17 Cy\nwho 1\n' | ./seats)
expected="ok
ok
ok
17 Ben
1
taken
1 free"
if [ "$got" != "$expected" ]; then
    echo "got:"; echo "$got"
    exit 1
fi
echo "check passed"
