"""Jingles: one every so many minutes, in turn."""


def files(settings):
    return [name.strip() for name in settings["jingle_files"].split(";") if name.strip()]


def pick(settings, second):
    """The jingle that starts at this second of the day, None where none does."""
    every = 60 * int(settings.get("jingle_every", 20))
    known = files(settings)
    if not known or second % every:
        return None
    return known[second // every % len(known)]


def per_day(settings):
    """How many jingles a day has."""
    return 24 * 60 // int(settings["jingle_every"]) if files(settings) else 0
