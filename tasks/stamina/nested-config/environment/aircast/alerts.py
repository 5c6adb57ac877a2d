"""Alerts when the line goes silent."""


def is_due(settings, silent_s, since_last_s=None):
    """Whether to alert now; ``since_last_s`` is None before the first alert of a silence."""
    if silent_s < int(settings["alert_silence"]):
        return False
    return since_last_s is None or since_last_s >= int(settings["alert_repeat"]) * 60


def recipients(settings):
    return [name.strip() for name in settings["alert_to"].split(",") if name.strip()]


def sentence(settings, silent_s):
    """What the alert says, with the time until the next one."""
    minutes, seconds = divmod(silent_s, 60)
    again = int(settings["alert_repeat"])
    return f"{settings['station']} has been silent for {minutes}:{seconds:02}; next alert in {again} minutes"
