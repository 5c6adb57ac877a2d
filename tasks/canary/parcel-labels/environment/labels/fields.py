"""Texts and numbers, brought to the length of a field."""


def text(value, width):
    """A text that fills a field of some bytes."""
    return value.strip()[:width].ljust(width)


def number(value, width):
    """A number that fills a field of some bytes."""
    return str(value).rjust(width, "0")[-width:]
