"""Reads what is new in a log."""


def new_lines(log, offset):
    """The lines after ``offset``, and the offset behind them."""
    with open(log, encoding="utf-8") as file:
        text = file.read()
    fresh = text[offset:]
    lines = fresh.splitlines()
    return lines, offset + len(fresh)
