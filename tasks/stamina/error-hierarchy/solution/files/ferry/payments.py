"""Cards are charged here; a stand-in for the bank's machine. Cards that end in 0000 are declined."""

from ferry.errors import CardDeclined, InvalidError, LimitExceeded, NotFoundError


class Payments:
    def __init__(self, limit):
        self.limit = limit
        self._open = {}
        self._count = 0

    def charge(self, card, amount):
        """The receipt; None for an amount of 0. Raises InvalidError, LimitExceeded or CardDeclined."""
        if len(card) != 16 or not card.isdecimal():
            raise InvalidError("card", card, "16 digits are needed")
        if amount == 0:
            return None
        if amount > self.limit:
            raise LimitExceeded(amount, self.limit)
        if card.endswith("0000"):
            raise CardDeclined(amount)
        self._count += 1
        receipt = f"R{self._count}"
        self._open[receipt] = amount
        return receipt

    def refund(self, receipt):
        """The amount; each receipt is refunded once. Raises NotFoundError."""
        if receipt not in self._open:
            raise NotFoundError("receipt", receipt)
        return self._open.pop(receipt)

    def charged(self):
        """All that is charged and not refunded."""
        return sum(self._open.values())
