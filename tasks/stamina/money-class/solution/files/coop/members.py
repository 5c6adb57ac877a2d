"""What the members have paid in, kept in a file."""

import json

from coop.money import CurrencyError, Money

LIMIT = Money(-2000)
"""How far a balance may go down."""


class UnknownMember(KeyError):
    pass


class Members:
    def __init__(self, path):
        self._path = path
        with open(path, encoding="utf-8") as file:
            self._balances = {name: _amount(entry["balance"]) for name, entry in json.load(file).items()}

    def names(self):
        return sorted(self._balances)

    def balance(self, name):
        if name not in self._balances:
            raise UnknownMember(name)
        return self._balances[name]

    def join(self, name):
        """A new member begins with nothing. Raises ValueError where the name is taken."""
        if name in self._balances:
            raise ValueError(f"{name} is a member already")
        self._balances[name] = Money(0)

    def deposit(self, name, amount):
        """Adds to a balance and returns the new one."""
        _check(amount)
        self._balances[name] = self.balance(name) + amount
        return self._balances[name]

    def withdraw(self, name, amount):
        """Takes from a balance and returns the new one. Raises ValueError where it would go below the limit."""
        _check(amount)
        left = self.balance(name) - amount
        if left < LIMIT:
            raise ValueError(f"{name} would be at {left}, the limit is {LIMIT}")
        self._balances[name] = left
        return left

    def transfer(self, giver, taker, amount):
        """From one member to another; where it cannot be, nothing changes."""
        self.balance(taker)
        self.withdraw(giver, amount)
        self.deposit(taker, amount)

    def save(self):
        with open(self._path, "w", encoding="utf-8") as file:
            entries = {name: {"balance": str(balance)} for name, balance in sorted(self._balances.items())}
            json.dump(entries, file, indent=1)
            file.write("\n")


def _check(amount):
    if not isinstance(amount, Money):
        raise TypeError(f"{amount!r} is no amount of money")
    if amount.currency != "EUR":
        raise CurrencyError(f"{amount}: balances are in EUR")
    if amount <= Money(0):
        raise ValueError(f"{amount} is not more than nothing")


def _amount(stored):
    """A balance as it stands in a file: a text, or the pair of euros and cents of old files."""
    if isinstance(stored, str):
        return Money.parse(stored)
    euros, cents = stored
    return Money(euros * 100 + cents)
