"""Overtime by person."""

DAY = 8 * 60


def overtime(shifts):
    """Minutes of overtime by person."""
    found = {}
    for shift in shifts:
        found[shift.who] = found.get(shift.who, 0) + max(0, shift.minutes - DAY)
    return found
