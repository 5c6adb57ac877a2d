"""What is in a larder."""

from dataclasses import dataclass, field

from larder.errors import Refused


@dataclass
class Lot:
    """``best``: the best-before date, None where there is none."""

    best: "str | None"
    amount: int

    def order(self):
        return (self.best is None, self.best or "")


@dataclass
class Item:
    name: str
    unit: str
    shelf: str = "none"
    minimum: int = 0
    lots: list = field(default_factory=list)

    def stock(self):
        return sum(lot.amount for lot in self.lots)

    def is_low(self):
        return self.stock() < self.minimum

    def put(self, amount, best=None):
        """Adds to the lot of a date, which is made where it is missing."""
        for lot in self.lots:
            if lot.best == best:
                lot.amount += amount
                return
        self.lots.append(Lot(best, amount))
        self.tidy()

    def tidy(self):
        """Drops empty lots and puts the others into their order."""
        self.lots = sorted((lot for lot in self.lots if lot.amount), key=Lot.order)


@dataclass
class Pantry:
    """``items``: by name. ``remarks``: the lines of the file that begin with #."""

    items: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)

    def item(self, name):
        """An item by its name. Raises Refused where it is not there."""
        if name not in self.items:
            raise Refused(f"no item {name}")
        return self.items[name]
