"""The file of a trip, and what it makes everybody's balance."""

import csv
from typing import NamedTuple

from split.money import units
from split.shares import shares


class Expense(NamedTuple):
    payer: str
    currency: str
    amount: int
    weights: dict


class Trip(NamedTuple):
    members: list
    expenses: list


def read_trip(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file) if row]
    if not rows or rows[0][0] != "members":
        raise ValueError("the first row must name the members")
    return Trip(rows[0][1:], [expense(row) for row in rows[1:]])


def expense(row):
    """One expense, from the cells of its row."""
    if len(row) != 4:
        raise ValueError(f"not an expense: {', '.join(row)}")
    payer, currency, amount, parts = row
    return Expense(payer, currency, units(amount, currency), weights(parts))


def weights(text):
    """The weights of a text such as "anna:2 ben"."""
    found = {}
    for part in text.split():
        name, _, weight = part.partition(":")
        found[name] = int(weight or 1)
        if found[name] < 0:
            raise ValueError(f"not a weight: {part}")
    return found


def balances(trip):
    """By currency, what everybody has laid out less the own share: {"EUR": {"anna": 333, "ben": -333}}."""
    sheets = {}
    for one in trip.expenses:
        if one.payer not in trip.members:
            raise ValueError(f"no member: {one.payer}")
        sheet = sheets.setdefault(one.currency, dict.fromkeys(trip.members, 0))
        sheet[one.payer] += one.amount
        for name, share in shares(one.amount, one.weights, trip.members, one.payer).items():
            sheet[name] -= share
    return dict(sorted(sheets.items()))
