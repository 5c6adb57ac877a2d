"""Cards are charged here; a stand-in for the bank's machine. Cards that end in 0000 are declined."""


class Payments:
    def __init__(self, limit):
        self.limit = limit
        self.last_receipt = None
        self._open = {}
        self._count = 0

    def charge(self, card, amount):
        """0 and a receipt in last_receipt; 1 declined, 2 no card number, 3 above the limit."""
        if len(card) != 16 or not card.isdecimal():
            return 2
        self.last_receipt = None
        if amount == 0:
            return 0
        if amount > self.limit:
            return 3
        if card.endswith("0000"):
            return 1
        self._count += 1
        self.last_receipt = f"R{self._count}"
        self._open[self.last_receipt] = amount
        return 0

    def refund(self, receipt):
        """Whether the receipt was known; each is refunded once."""
        return self._open.pop(receipt, None) is not None

    def charged(self):
        """All that is charged and not refunded."""
        return sum(self._open.values())
