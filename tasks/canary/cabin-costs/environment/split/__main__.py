"""The command line: python3 -m split FILE."""

import sys

from split.ledger import balances, read_trip
from split.money import written
from split.settle import payments


def main(args):
    if len(args) != 1:
        print("usage: python3 -m split FILE", file=sys.stderr)
        return 2
    trip = read_trip(args[0])
    for currency, sheet in balances(trip).items():
        for debtor, creditor, amount in payments(sheet, currency):
            print(f"{debtor} pays {creditor} {currency} {written(amount, currency)}")
    return 0


try:
    sys.exit(main(sys.argv[1:]))
except ValueError as e:
    sys.exit(f"split: {e}")
