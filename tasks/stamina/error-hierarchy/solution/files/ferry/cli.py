"""The command line."""

import os
import sys

from ferry import batch, config, fares, passengers, report
from ferry.booking import Office
from ferry.errors import FerryError, StorageError
from ferry.notify import Notifier
from ferry.payments import Payments
from ferry.store import Store
from ferry.timetable import Departure, Timetable
from ferry.vouchers import Vouchers

USAGE = "fare | book | show | cancel | batch | next | day"


def main(args):
    verbs = {"fare": _fare, "book": _book, "show": _show, "cancel": _cancel, "batch": _batch, "next": _next, "day": _day}
    if not args or args[0] not in verbs:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        verbs[args[0]](open_office(os.environ.get("FERRY_CONF", "data/ferry.conf")), *args[1:])
    except FerryError as e:
        print(f"error: {e}", file=sys.stderr)
        return e.code
    return 0


def open_office(path):
    """The office that the settings describe. Raises ConfigError."""
    conf = config.load(path)
    limit, rows = config.number(conf, "limit"), config.number(conf, "rows")
    folder, today = config.text(conf, "folder"), config.text(conf, "day")
    timetable = Timetable(
        [
            Departure("F1", "HV-OY", "07:30", rows),
            Departure("F2", "HV-SK", "09:15", rows),
            Departure("F3", "HV-OY", "16:00", rows),
            Departure("F4", "OY-LB", "17:45", rows),
        ]
    )
    vouchers = Vouchers({"GIFT5": (500, "2025-12-31"), "OLD": (900, "2024-12-31")})
    return Office(timetable, vouchers, Payments(limit), Store(folder), Notifier(), today)


def _fare(office, route, category):
    print(fares.fare(route, category))


def _book(office, departure, who, card, seat="-", voucher="-"):
    passenger = passengers.parse(who)
    number = office.book(
        departure, passenger, card, None if seat == "-" else seat, None if voucher == "-" else voucher
    )
    print(f"booking {number}")


def _show(office, number):
    booking = office.store.load(number)
    print(f"{booking['departure']} {booking['seat']} {booking['name']}: {booking['paid']} ({booking['state']})")


def _cancel(office, number):
    office.cancel(number)
    print(f"cancelled {number}")


def _batch(office, path):
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, ValueError) as e:
        raise StorageError(path, str(e)) from e
    done, failures = batch.run(lines, office)
    results = [(place, f"booking {number}") for place, number in done] + [(place, str(e)) for place, e in failures]
    for place, result in sorted(results):
        print(f"line {place}: {result}")


def _next(office, route, time):
    departure = office.timetable.next_after(route, time)
    print(f"{departure.number} at {departure.time}" if departure else "none")


def _day(office):
    print(report.day(office.timetable, office.store))
