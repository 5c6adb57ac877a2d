"""Passengers as they are typed: ``Ida Berg <ida@post.example> adult``."""

import re
from collections import namedtuple

from ferry.fares import CATEGORIES

Passenger = namedtuple("Passenger", "name address category")

_SHAPE = re.compile(r"\s*([^<>]*[^<>\s])\s*<([^<>]*)>\s*(\w+)\s*")


def parse(text):
    """(passenger, "") or (None, why)."""
    match = _SHAPE.fullmatch(text)
    if not match:
        return None, "NAME <ADDRESS> CATEGORY is needed"
    passenger = Passenger(*match.groups())
    if "@" not in passenger.address:
        return None, "there is no @"
    if passenger.category not in CATEGORIES:
        return None, "adult, child or infant"
    return passenger, ""
