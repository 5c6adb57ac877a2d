"""The evening round: everything in the return box is taken back, the overdue are listed."""

from operator import attrgetter, methodcaller

from toolshed.errors import CheckInError


def empty_box(shed, codes, day):
    """Take back all ``codes``; gives (fees by code, codes that were not out)."""
    fees, unknown = {}, []
    for code in codes:
        take = methodcaller("check_in", code, day)
        try:
            fees[code] = take(shed)
        except CheckInError:
            unknown.append(code)
    return fees, unknown


def hand_out_reserved(shed, reserved, day):
    """Hand out what was reserved for today, to (code, member) pairs; those that are out are left."""
    free, hand_out = attrgetter("can_check_out"), attrgetter("check_out")
    return [hand_out(shed)(code, member, day) for code, member in reserved if free(shed)(code)]


def overdue(shed, day):
    """Loans that should be back, the oldest first."""
    late = [loan for loan in shed.loans.values() if loan.due < day]
    return sorted(late, key=attrgetter("due", "code"))
