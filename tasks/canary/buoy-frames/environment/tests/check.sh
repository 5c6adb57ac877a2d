#!/bin/sh
# Visible checks: the capture of January, and two errors.
fail=0

expect() {
    if [ "$2" != "$3" ]; then
        printf 'FAIL %s\nexpected:\n%s\ngot:\n%s\n' "$1" "$2" "$3"
        fail=1
    fi
}

expect "january" "258 #4 3.25 C 1008.4 hPa
258 #5 1.10 C 1008.5 hPa
258 #6 -3.25 C 1008.3 hPa
258 #7 -12.10 C 1008.2 hPa
17 #9 2.50 C 1009.7 hPa
258 #8 -4.80 C 1008.1 hPa
17: 1 good, 0 again, 0 lost
258: 5 good, 0 again, 0 lost
bad: 0" "$(./buoys data/january.hex)"

expect "a frame with a wrong check sum" "bad: 1" "$(echo '7e 01 02 01 04 45 01 64 27 7c 01 7e' | ./buoys /dev/stdin)"

expect "not hexadecimal" "line 1: not hexadecimal" "$(echo '7e zz' | ./buoys /dev/stdin 2>&1)"

[ $fail = 0 ] && echo "all checks passed"
exit $fail
