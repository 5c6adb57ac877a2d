"""Pauses in a sensor's log."""

import sys


def parse(text):
    """Pairs of (time, value), the time as it stands in the log."""
    readings = []
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        time, value = line.split()
        readings.append((time, float(value)))
    return readings


def minute_of(time):
    """The time of a reading in minutes."""
    hours, minutes = time.partition("T")[2].split(":")
    return int(hours) * 60 + int(minutes)


def find_gaps(text, minutes):
    """Pairs (start, end) of the pauses that are longer than ``minutes``."""
    found = []
    readings = parse(text)
    for (before, _), (after, _) in zip(readings, readings[1:]):
        if minute_of(after) - minute_of(before) > minutes:
            found.append((before, after))
    return found


def main():
    text = open(sys.argv[1], encoding="utf-8").read()
    for start, end in find_gaps(text, int(sys.argv[2])):
        print(f"{start} .. {end}")


if __name__ == "__main__":
    main()
