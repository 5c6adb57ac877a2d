"""The bills of suppliers, some of them in other currencies."""

from collections import namedtuple

Bill = namedtuple("Bill", "supplier amount currency due")


def load_bills(path):
    """Bills of a file: a line is ``SUPPLIER; AMOUNT CURRENCY; DAY``. Lines that begin with # are remarks."""
    bills = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.strip() or line.startswith("#"):
                continue
            supplier, money, day = (part.strip() for part in line.split(";"))
            amount, _, currency = money.partition(" ")
            bills.append(Bill(supplier, float(amount), currency or "EUR", day))
    return bills


def due(bills, day):
    """{currency: sum} of the bills that are due by a day."""
    sums = {}
    for bill in bills:
        if bill.due <= day:
            sums[bill.currency] = sums.get(bill.currency, 0.0) + bill.amount
    return sums


def largest(bills, currency):
    """The bill with the greatest amount in a currency, or None."""
    own = [bill for bill in bills if bill.currency == currency]
    return max(own, key=lambda bill: bill.amount, default=None)
