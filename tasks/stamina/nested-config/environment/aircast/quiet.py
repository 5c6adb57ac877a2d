"""Quiet hours: no jingles, no alerts by telephone."""


def is_quiet(settings, clock):
    """Whether ``clock`` ("HH:MM") lies in the quiet hours; they may go over midnight, their end is not quiet."""
    if settings["quiet"] == "none":
        return False
    first, last = (int(hour) for hour in settings["quiet"].split("-"))
    hour = int(clock.split(":")[0])
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def describe(settings):
    """For the status page, such as "quiet from 23:00 to 06:00"."""
    if settings["quiet"] == "none":
        return "never quiet"
    first, last = settings["quiet"].split("-")
    return f"quiet from {int(first):02}:00 to {int(last):02}:00"
