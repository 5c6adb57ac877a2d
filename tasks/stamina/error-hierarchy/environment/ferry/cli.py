"""The command line."""

import os
import sys

from ferry import batch, config, fares, passengers, report
from ferry.booking import Office
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
    office = open_office(os.environ.get("FERRY_CONF", "data/ferry.conf"))
    if office is None:
        return _fail("the settings are wrong")
    return verbs[args[0]](office, *args[1:])


def open_office(path):
    """The office that the settings describe; None where they are wrong."""
    conf = config.load(path)
    if conf is None:
        return None
    limit, rows = config.number(conf, "limit"), config.number(conf, "rows")
    folder, today = config.text(conf, "folder"), config.text(conf, "day")
    if limit < 0 or rows < 0 or folder is None or today is None:
        return None
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


def _fail(why):
    print(f"error: {why}", file=sys.stderr)
    return 1


def _fare(office, route, category):
    cents = fares.fare(route, category)
    if cents < 0:
        return _fail("no such fare")
    print(cents)
    return 0


def _book(office, departure, who, card, seat="-", voucher="-"):
    passenger, why = passengers.parse(who)
    if passenger is None:
        return _fail(why)
    number, why = office.book(
        departure, passenger, card, None if seat == "-" else seat, None if voucher == "-" else voucher
    )
    if number is None:
        return _fail(why)
    print(f"booking {number}")
    return 0


def _show(office, number):
    booking = office.store.load(number)
    if not booking:
        return _fail(f"no booking {number}")
    print(f"{booking['departure']} {booking['seat']} {booking['name']}: {booking['paid']} ({booking['state']})")
    return 0


def _cancel(office, number):
    code = office.cancel(number)
    if code:
        return _fail(f"cannot cancel {number} ({code})")
    print(f"cancelled {number}")
    return 0


def _batch(office, path):
    with open(path, encoding="utf-8") as file:
        results = batch.run(file.read().splitlines(), office)
    for place, result in results:
        print(f"line {place}: {result if isinstance(result, str) else f'booking {result}'}")
    return 0


def _next(office, route, time):
    departure = office.timetable.next_after(route, time)
    print(f"{departure.number} at {departure.time}" if departure else "none")
    return 0


def _day(office):
    print(report.day(office.timetable, office.store))
    return 0
