"""Quiet hours: no jingles, no alerts by telephone."""


def is_quiet(settings, clock):
    """Whether ``clock`` ("HH:MM") lies in the quiet hours; they may go over midnight, their end is not quiet."""
    if settings["quiet"] is None:
        return False
    first, last, now = (_minute(text) for text in (settings["quiet"]["from"], settings["quiet"]["to"], clock))
    if first <= last:
        return first <= now < last
    return now >= first or now < last


def describe(settings):
    """For the status page, such as "quiet from 23:00 to 06:00"."""
    if settings["quiet"] is None:
        return "never quiet"
    return f"quiet from {settings['quiet']['from']} to {settings['quiet']['to']}"


def _minute(clock):
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
