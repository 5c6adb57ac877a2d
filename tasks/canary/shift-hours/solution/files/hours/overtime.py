"""Overtime by person."""

DAY = 8 * 60


def overtime(shifts):
    """Minutes of overtime by person."""
    days = {}
    for shift in shifts:
        key = shift.who, shift.begin.date()
        days[key] = days.get(key, 0) + shift.minutes
    found = {}
    for (who, _), minutes in days.items():
        found[who] = found.get(who, 0) + max(0, minutes - DAY)
    return found
