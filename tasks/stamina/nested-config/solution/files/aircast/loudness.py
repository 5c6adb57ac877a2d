"""Loudness: how much to turn a recording up or down."""


def gain_db(settings, measured_lufs):
    """Decibels to add so that the recording reaches the target; at most 12 either way."""
    wanted = settings["loudness"]["target_lufs"] - measured_lufs
    return round(max(-12.0, min(12.0, wanted)), 1)


def ceiling(settings, full_scale=32767):
    """The highest sample that is allowed: full scale less the headroom."""
    return int(full_scale * (1 - settings["loudness"]["headroom"]))
