"""Bookings from a file: a line is ``DEPARTURE; PASSENGER; CARD``."""

from ferry import passengers


def run(lines, office):
    """[(line number, number of the booking or why not)]; empty lines are skipped, yet they count."""
    results = []
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(";")]
        if len(parts) != 3:
            results.append((place, "DEPARTURE; PASSENGER; CARD is needed"))
            continue
        passenger, why = passengers.parse(parts[1])
        if passenger is None:
            results.append((place, why))
            continue
        number, why = office.book(parts[0], passenger, parts[2])
        results.append((place, number if number is not None else why))
    return results
