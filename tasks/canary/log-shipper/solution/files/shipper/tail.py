"""Reads what is new in a log."""

import os


def new_lines(log, offset):
    """The finished lines after ``offset`` (bytes), and the offset behind them.

    A file that is shorter than the offset is a new one, which is read from its beginning.
    """
    if os.path.getsize(log) < offset:
        offset = 0
    with open(log, "rb") as file:
        file.seek(offset)
        fresh = file.read()
    fresh = fresh[: fresh.rfind(b"\n") + 1]
    lines = [line.decode("utf-8", "replace") for line in fresh.split(b"\n")[:-1]]
    return lines, offset + len(fresh)
