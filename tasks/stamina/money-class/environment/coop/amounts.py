"""Amounts as pairs of euros and cents; both parts carry the sign."""


def pair(euros):
    """A pair of a number of euros."""
    cents = int(round(abs(euros) * 100))
    sign = -1 if euros < 0 else 1
    return (sign * (cents // 100), sign * (cents % 100))


def number(amount):
    """A number of euros of a pair."""
    return amount[0] + amount[1] / 100


def add(one, two):
    return pair(number(one) + number(two))


def subtract(one, two):
    return pair(number(one) - number(two))


def show(amount):
    """A pair or a number of euros as text."""
    if isinstance(amount, (tuple, list)):
        amount = number(amount)
    return f"{amount:.2f}"
