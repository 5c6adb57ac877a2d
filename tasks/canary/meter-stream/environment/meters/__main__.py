"""The command line: python3 -m meters [FILE], or lines from standard input."""

import sys

from meters.report import report


def main(args):
    if not args:
        return show(sys.stdin)
    with open(args[0], encoding="utf-8") as file:
        return show(file)


def show(lines):
    print("\n".join(report(lines)))
    return 0


sys.exit(main(sys.argv[1:]))
