"""Prices hold the tax already; this takes it out again."""


def net_and_tax(gross, rate):
    """(net, tax) of a gross amount at a rate in per cent."""
    net = round(gross / (1 + rate / 100), 2)
    return net, round(gross - net, 2)
