"""The command line: python3 -m labels ORDERS FILE."""

import sys

from labels.orders import read_orders
from labels.records import write
from labels.verify import verify


def main(args):
    if len(args) != 2:
        print("usage: python3 -m labels ORDERS FILE", file=sys.stderr)
        return 2
    write(args[1], "NORDLICHT", read_orders(args[0]))
    with open(args[1], "rb") as file:
        print(f"{verify(file.read())} parcels")
    return 0


try:
    sys.exit(main(sys.argv[1:]))
except ValueError as e:
    sys.exit(f"labels: {e}")
