#!/bin/sh
expected="payments 2
api 1
mailer 1"
got=$(sh errors.sh sample.log)
if [ "$got" != "$expected" ]; then
    echo "errors.sh sample.log printed:"
    echo "$got"
    echo "expected:"
    echo "$expected"
    exit 1
fi
echo "check passed"
