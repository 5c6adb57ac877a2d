"""The sheet that hangs at the gate."""

from ferry import ports
from ferry.errors import NotFoundError, StorageError
from ferry.fares import fare


def day(timetable, store):
    """A line for each departure, then one for each booking; ? stands for what is not known."""
    lines = []
    for departure in timetable.all():
        ends = departure.route.split("-")
        names = " - ".join(_known(lambda end: ports.find(end).name, end) for end in ends)
        miles, cents = _known(ports.miles, *ends), _known(fare, departure.route, "adult")
        lines.append(f"{departure.time} {departure.number} {names}, {miles} miles, adults {cents}")
    return "\n".join([*lines, *(_line(store, number) for number in store.numbers())])


def _known(find, *args):
    try:
        return str(find(*args))
    except NotFoundError:
        return "?"


def _line(store, number):
    try:
        booking = store.load(number)
    except (NotFoundError, StorageError):
        return f"#{number} ?"
    return f"#{number} {booking['departure']} {booking['seat']} {booking['name']} ({booking['state']})"
