"""The sheet that hangs at the gate."""

from ferry import ports
from ferry.fares import fare


def day(timetable, store):
    """A line for each departure, then one for each booking."""
    lines = []
    for departure in timetable.all():
        ends = departure.route.split("-")
        names = [port.name if port else "?" for port in map(ports.find, ends)]
        miles = ports.miles(*ends)
        cents = fare(departure.route, "adult")
        lines.append(
            f"{departure.time} {departure.number} {' - '.join(names)}, "
            f"{miles if miles >= 0 else '?'} miles, adults {cents if cents >= 0 else '?'}"
        )
    for number in store.numbers():
        booking = store.load(number)
        if not booking:
            lines.append(f"#{number} ?")
        else:
            lines.append(f"#{number} {booking['departure']} {booking['seat']} {booking['name']} ({booking['state']})")
    return "\n".join(lines)
