"""Times of a day, kept as minutes since midnight."""


def parse_time(text):
    """Minutes since midnight of a time such as 9:30 or 14:05."""
    hours, _, minutes = text.strip().partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        raise ValueError(f"not a time: {text!r}")
    value = int(hours) * 60 + int(minutes[0]) * 10
    if value > 24 * 60 or int(minutes) > 59:
        raise ValueError(f"not a time of day: {text!r}")
    return value


def format_time(value):
    """The time as people write it."""
    return f"{value // 60}:{value % 60:02}"
