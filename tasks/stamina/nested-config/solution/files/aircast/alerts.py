"""Alerts when the line goes silent."""


def is_due(settings, silent_s, since_last_s=None):
    """Whether to alert now; ``since_last_s`` is None before the first alert of a silence."""
    if silent_s < settings["alerts"]["silence"]["after_s"]:
        return False
    return since_last_s is None or since_last_s >= settings["alerts"]["silence"]["repeat_s"]


def recipients(settings):
    return list(settings["alerts"]["to"])


def sentence(settings, silent_s):
    """What the alert says, with the time until the next one."""
    minutes, seconds = divmod(silent_s, 60)
    again = settings["alerts"]["silence"]["repeat_s"] // 60
    return f"{settings['station']['name']} has been silent for {minutes}:{seconds:02}; next alert in {again} minutes"
