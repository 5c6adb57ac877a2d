"""Invoices of the café: lines of price, quantity and discount."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def line_total(price, quantity, discount=0):
    """The amount of one line, as text with two digits."""
    amount = Decimal(price) * quantity * (100 - discount) / 100
    return str(amount.quantize(CENT, ROUND_HALF_UP))


def total(lines):
    """The amount of all lines, as text with two digits."""
    return str(sum((Decimal(line_total(*line)) for line in lines), Decimal("0.00")))


def receipt(lines):
    """A text with a row for each line, and the total below."""
    rows = [f"{line[1]:>3} x {line[0]:>7}  {line_total(*line):>9}" for line in lines]
    return "\n".join([*rows, f"total {total(lines):>18}"])
