"""Prices hold the tax already; this takes it out again."""

from coop.money import Money


def net_and_tax(gross, rate):
    """(net, tax) of a gross amount at a rate in per cent."""
    doubled = 2 * abs(gross.minor) * rate + 100 + rate
    cents = doubled // (2 * (100 + rate))
    tax = Money(cents if gross.minor >= 0 else -cents, gross.currency)
    return gross - tax, tax
