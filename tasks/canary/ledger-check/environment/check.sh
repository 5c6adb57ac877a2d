#!/bin/sh
got=$(./ledger sample.txt)
expected="cash 1249.42
cashback 3.50
rent -800.00"
if [ "$got" != "$expected" ]; then
    echo "got:"; echo "$got"
    exit 1
fi
echo "check passed"
