"""Bookings from a file: a line is ``DEPARTURE; PASSENGER; CARD``."""

from ferry import passengers
from ferry.errors import FerryError, InvalidError, StorageError


def run(lines, office):
    """([(line number, number of the booking)], [(line number, exception)]).

    Empty lines are skipped, yet they count. Raises StorageError, which would hit every further line.
    """
    done, failures = [], []
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            done.append((place, _book(line.strip(), office)))
        except StorageError:
            raise
        except FerryError as e:
            failures.append((place, e))
    return done, failures


def _book(line, office):
    parts = [part.strip() for part in line.split(";")]
    if len(parts) != 3:
        raise InvalidError("line", line, "DEPARTURE; PASSENGER; CARD is needed")
    return office.book(parts[0], passengers.parse(parts[1]), parts[2])
