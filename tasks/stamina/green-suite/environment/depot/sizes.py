"""Sizes are three whole centimetres, the longest side first."""

import re

LONGEST = 200
GIRTH = 300


def parse_size(text):
    """(long, middle, short) of a text such as ``40x30x20``, with x, X or the sign of multiplication between.

    The sides come in any order and are sorted, the longest first. Raises ValueError for anything else.
    """
    parts = [part.strip() for part in re.split("[xX×]", text)]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise ValueError(f"{text!r} is no size")
    return tuple(int(part) for part in sorted(parts, reverse=True))


def format_size(size):
    return "x".join(str(side) for side in size) + " cm"


def litres(size):
    """The volume in litres, every litre that has begun counted."""
    long, middle, short = size
    return -(-long * middle * short // 1000)


def fits(size, box):
    """Does a parcel go into a box, turned as need be? Both are three sides in any order; equal sides fit."""
    return all(side <= room for side, room in zip(sorted(size, reverse=True), box))


def too_big(size):
    """Longer than 200 cm, or more than 300 cm for the longest side plus twice the two others."""
    long, middle, short = sorted(size, reverse=True)
    return long > LONGEST or long + 2 * (middle + short) > GIRTH
