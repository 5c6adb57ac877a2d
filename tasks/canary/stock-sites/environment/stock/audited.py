"""A stock with a journal, and a stock from a journal."""

from stock.store import Stock


class AuditedStock(Stock):
    """Writes a line for each booking that was done; bookings that fail leave none."""

    def __init__(self, journal=None):
        super().__init__()
        self.journal = [] if journal is None else journal

    def put(self, *args):
        super().put(*args)
        self._note("put", *args)

    def take(self, *args):
        left = super().take(*args)
        self._note("take", *args)
        return left

    def _note(self, *words):
        self.journal.append(" ".join(str(word) for word in words))


def replay(lines):
    """The stock that a journal's lines lead to; its journal begins with them."""
    stock = AuditedStock()
    for line in lines:
        action, sku, count = line.split()
        getattr(stock, action)(sku, int(count))
    return stock
