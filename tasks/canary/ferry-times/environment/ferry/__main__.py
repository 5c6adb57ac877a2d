"""The command line: python3 -m ferry board|days|crew FILE [INSTANT]."""

import sys

from ferry.board import board
from ferry.clock import instant
from ferry.crew import hours
from ferry.timetable import per_day, read_sailings

USAGE = "usage: python3 -m ferry board FILE INSTANT | days FILE | crew FILE"


def main(args):
    if len(args) == 3 and args[0] == "board":
        rows = board(read_sailings(args[1]), instant(args[2]))
    elif len(args) == 2 and args[0] == "days":
        rows = [f"{day}  {count}" for day, count in per_day(read_sailings(args[1])).items()]
    elif len(args) == 2 and args[0] == "crew":
        rows = [f"{name:<8} {text}" for name, text in hours(args[1]).items()]
    else:
        print(USAGE, file=sys.stderr)
        return 2
    for row in rows:
        print(row)
    return 0


try:
    sys.exit(main(sys.argv[1:]))
except ValueError as e:
    sys.exit(f"ferry: {e}")
