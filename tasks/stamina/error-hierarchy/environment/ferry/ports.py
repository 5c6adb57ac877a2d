"""The ports and how far they are from one another."""

from collections import namedtuple

Port = namedtuple("Port", "code name")

PORTS = {code: Port(code, name) for code, name in (("HV", "Havn"), ("OY", "Oyra"), ("SK", "Skarvik"), ("LB", "Lomby"))}
MILES = {("HV", "OY"): 12, ("HV", "SK"): 31, ("OY", "SK"): 22}


def find(code):
    """A port by its code, in capitals or not; None where there is none."""
    return PORTS.get(code.upper())


def miles(one, two):
    """How far it is from port to port, by code; -1 where it is unknown."""
    first, second = find(one), find(two)
    if first is None or second is None:
        return -1
    if first == second:
        return 0
    return MILES.get((first.code, second.code), MILES.get((second.code, first.code), -1))
