"""What is on air."""

from collections import namedtuple

Show = namedtuple("Show", "name start minutes")


def shows(settings):
    """The shows in the order of their starts; ``start`` is a minute of the day."""
    found = [Show(show["name"], _minute(show["start"]), show["minutes"]) for show in settings["schedule"]["shows"]]
    return sorted(found, key=lambda show: show.start)


def on_air(settings, clock):
    """The show at ``clock`` ("HH:MM"), or the filler; a show may go over midnight."""
    now = _minute(clock)
    for show in shows(settings):
        if (now - show.start) % (24 * 60) < show.minutes:
            return show.name
    return settings["schedule"]["filler"]


def free_minutes(settings):
    """Minutes of a day that the filler plays."""
    return 24 * 60 - sum(show.minutes for show in shows(settings))


def _minute(clock):
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
