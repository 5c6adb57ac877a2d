"""Passengers as they are typed: ``Ida Berg <ida@post.example> adult``."""

import re
from collections import namedtuple

from ferry.errors import InvalidError
from ferry.fares import CATEGORIES

Passenger = namedtuple("Passenger", "name address category")

_SHAPE = re.compile(r"\s*([^<>]*[^<>\s])\s*<([^<>]*)>\s*(\w+)\s*")


def parse(text):
    """A passenger. Raises InvalidError."""
    match = _SHAPE.fullmatch(text)
    if not match:
        raise InvalidError("passenger", text, "NAME <ADDRESS> CATEGORY is needed")
    passenger = Passenger(*match.groups())
    if "@" not in passenger.address:
        raise InvalidError("address", passenger.address, "there is no @")
    if passenger.category not in CATEGORIES:
        raise InvalidError("category", passenger.category, "adult, child or infant")
    return passenger
