"""The command line."""

import argparse

from club.listing import listing
from club.members import read_members


def main(args):
    parser = argparse.ArgumentParser(prog="club")
    parser.add_argument("file")
    parser.add_argument("--active", action="store_true", help="only members who have not left")
    chosen = parser.parse_args(args)
    members = read_members(chosen.file)
    if chosen.active:
        members = [member for member in members if not member.left]
    print(listing(members))
    return 0
