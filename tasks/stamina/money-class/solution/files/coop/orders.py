"""The orders, one JSON object a line."""

import json
import os
from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal

from coop.money import CurrencyError, Money

Order = namedtuple("Order", "number member day total")


class OrderBook:
    def __init__(self, path):
        self._path = path
        self.orders = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.orders = [_order(json.loads(line)) for line in file if line.strip()]

    def add(self, member, day, total):
        """Appends an order to the file and returns it. ``day``: a text such as 2025-05-07."""
        if total.currency != "EUR":
            raise CurrencyError(f"{total}: orders are in EUR")
        number = max((order.number for order in self.orders), default=0) + 1
        order = Order(number, member, day, total)
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"number": number, "member": member, "day": day, "total": str(total)}) + "\n")
        self.orders.append(order)
        return order

    def of_month(self, month):
        """The orders of a month such as 2025-05, by day and number."""
        return sorted(
            (order for order in self.orders if order.day.startswith(month + "-")),
            key=lambda order: (order.day, order.number),
        )

    def spent(self, member):
        """What a member has spent over all orders."""
        return Money.total(order.total for order in self.orders if order.member == member)


def _order(entry):
    return Order(entry["number"], entry["member"], entry["day"], _amount(entry["total"]))


def _amount(stored):
    """A total as it stands in a file: a text, or the number of euros of old files."""
    if isinstance(stored, str):
        return Money.parse(stored)
    return Money(int((Decimal(str(stored)) * 100).quantize(Decimal(1), ROUND_HALF_UP)))
