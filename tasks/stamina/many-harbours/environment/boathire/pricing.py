"""What a boat costs."""

import json

from boathire.model import Refused

WEEKEND = (5, 6)


def load_tariffs(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def price(tariffs, kind, day, hours):
    """Cents for some hours; from the fifth hour on at half the price, on weekends with a surcharge."""
    if kind not in tariffs["kinds"]:
        raise Refused(f"we have no price for {kind}")
    if hours < 1:
        raise Refused("one hour is the least")
    hourly = tariffs["kinds"][kind]
    cents = hourly * min(hours, 4) + hourly * max(0, hours - 4) // 2
    if day % 7 in WEEKEND:
        cents += cents * tariffs["weekend_percent"] // 100
    return cents
