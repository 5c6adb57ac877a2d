"""Jingles: one every so many seconds, in turn."""


def files(settings):
    return list(settings["jingles"]["files"])


def pick(settings, second):
    """The jingle that starts at this second of the day, None where none does."""
    every = settings["jingles"]["every_s"]
    known = files(settings)
    if not known or second % every:
        return None
    return known[second // every % len(known)]


def per_day(settings):
    """How many jingles a day has."""
    return 24 * 3600 // settings["jingles"]["every_s"] if files(settings) else 0
