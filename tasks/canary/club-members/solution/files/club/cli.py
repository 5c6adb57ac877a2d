"""The command line."""

import argparse
import re

from club.listing import listing
from club.members import month_number, read_members


def main(args):
    parser = argparse.ArgumentParser(prog="club")
    parser.add_argument("file")
    parser.add_argument("--active", action="store_true", help="only members who have not left")
    parser.add_argument("--joined-since", type=since, metavar="YYYY-MM", help="only who joined then or later")
    parser.add_argument("--sort", choices=("name", "joined"), default="name")
    chosen = parser.parse_args(args)
    members = read_members(chosen.file)
    if chosen.active:
        members = [member for member in members if not member.left]
    if chosen.joined_since:
        members = [member for member in members if month_number(member.joined) >= chosen.joined_since]
    print(listing(members, chosen.sort))
    return 0


def since(text):
    """The month that a user wrote, as a pair that can be compared."""
    if not re.fullmatch(r"\d{4}-\d{1,2}", text) or not 1 <= int(text[5:]) <= 12:
        raise argparse.ArgumentTypeError(f"{text!r} is no month (YYYY-MM)")
    return month_number(text)
