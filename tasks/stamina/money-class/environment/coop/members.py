"""What the members have paid in, kept in a file."""

import json

from coop import amounts

LIMIT = (-20, 0)
"""How far a balance may go down."""


class UnknownMember(KeyError):
    pass


class Members:
    def __init__(self, path):
        self._path = path
        with open(path, encoding="utf-8") as file:
            self._balances = {name: tuple(entry["balance"]) for name, entry in json.load(file).items()}

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
        self._balances[name] = (0, 0)

    def deposit(self, name, amount):
        """Adds to a balance and returns the new one."""
        if amounts.number(amount) <= 0:
            raise ValueError("a deposit must be more than 0")
        self._balances[name] = amounts.add(self.balance(name), amount)
        return self._balances[name]

    def withdraw(self, name, amount):
        """Takes from a balance and returns the new one. Raises ValueError where it would go below the limit."""
        if amounts.number(amount) <= 0:
            raise ValueError("a withdrawal must be more than 0")
        left = amounts.subtract(self.balance(name), amount)
        if amounts.number(left) < amounts.number(LIMIT):
            raise ValueError(f"{name} would be at {amounts.show(left)}, the limit is {amounts.show(LIMIT)}")
        self._balances[name] = left
        return left

    def transfer(self, giver, taker, amount):
        """From one member to another; where it cannot be, nothing changes."""
        self.balance(taker)
        self.withdraw(giver, amount)
        self.deposit(taker, amount)

    def save(self):
        with open(self._path, "w", encoding="utf-8") as file:
            entries = {name: {"balance": list(balance)} for name, balance in sorted(self._balances.items())}
            json.dump(entries, file, indent=1)
            file.write("\n")
