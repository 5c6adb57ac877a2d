"""The command line."""

import os
import sys

from coop import reports
from coop.members import Members, UnknownMember
from coop.money import Money
from coop.orders import OrderBook
from coop.split import equal, split_cost
from coop.suppliers import due, load_bills


def main(args):
    verbs = {"balances": _balances, "deposit": _deposit, "month": _month, "bills": _bills, "split": _split}
    if not args or args[0] not in verbs:
        print(f"one of: {', '.join(sorted(verbs))}", file=sys.stderr)
        return 2
    try:
        print(verbs[args[0]](*args[1:]))
    except UnknownMember as e:
        print(f"no member {e.args[0]}", file=sys.stderr)
        return 1
    except (ValueError, TypeError) as e:
        print(e, file=sys.stderr)
        return 2
    return 0


def _data(name):
    return os.path.join(os.environ.get("COOP_DATA", "data"), name)


def _balances():
    return reports.balances(Members(_data("members.json")))


def _deposit(name, amount):
    members = Members(_data("members.json"))
    balance = members.deposit(name, Money.parse(amount))
    members.save()
    return f"{name}: {balance}"


def _month(which):
    return reports.month(OrderBook(_data("orders.jsonl")), which)


def _bills(day):
    return reports.bills_due(due(load_bills(_data("bills.txt")), day))


def _split(amount, *names):
    parts = split_cost(Money.parse(amount), equal(names))
    return "\n".join(f"{name}: {part}" for name, part in parts.items())
