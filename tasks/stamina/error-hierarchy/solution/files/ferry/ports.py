"""The ports and how far they are from one another."""

from collections import namedtuple

from ferry.errors import NotFoundError

Port = namedtuple("Port", "code name")

PORTS = {code: Port(code, name) for code, name in (("HV", "Havn"), ("OY", "Oyra"), ("SK", "Skarvik"), ("LB", "Lomby"))}
MILES = {("HV", "OY"): 12, ("HV", "SK"): 31, ("OY", "SK"): 22}


def find(code):
    """A port by its code, in capitals or not. Raises NotFoundError."""
    if code.upper() not in PORTS:
        raise NotFoundError("port", code)
    return PORTS[code.upper()]


def miles(one, two):
    """How far it is from port to port, by code. Raises NotFoundError."""
    first, second = find(one), find(two)
    if first == second:
        return 0
    for pair in ((first.code, second.code), (second.code, first.code)):
        if pair in MILES:
            return MILES[pair]
    raise NotFoundError("connection", f"{one}-{two}")
