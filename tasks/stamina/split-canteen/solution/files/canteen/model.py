"""The nouns, and what the kitchen refuses. Classes keep the name of the package in their pickles.

Their methods reach the other modules through the package, when they are called.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import canteen


class CanteenError(Exception):
    """Whatever the kitchen cannot do."""

    __module__ = "canteen"


class UnknownUnit(CanteenError):
    """A unit that data/units.txt does not know."""

    __module__ = "canteen"

    def __init__(self, unit):
        super().__init__(f"unknown unit {unit!r}")
        self.unit = unit

    def __reduce__(self):
        return UnknownUnit, (self.unit,)


class ParseError(CanteenError):
    """A line that cannot be read; lines are counted from 1."""

    __module__ = "canteen"

    def __init__(self, number, why):
        super().__init__(f"line {number}: {why}")
        self.number, self.why = number, why

    def __reduce__(self):
        return ParseError, (self.number, self.why)


@dataclass(frozen=True)
class Ingredient:
    """``amount`` is a Fraction, or None for a pinch; ``note`` is what stands behind a comma."""

    __module__ = "canteen"

    name: str
    amount: Fraction = None
    unit: str = "piece"
    note: str = ""

    def __str__(self):
        amount = "a pinch of" if self.amount is None else canteen.format_amount(self.amount, self.unit)
        return f"{amount} {self.name}" + (f", {self.note}" if self.note else "")

    def base(self):
        """(amount, dimension) in g, ml or pieces; (None, None) for a pinch."""
        if self.amount is None:
            return None, None
        return canteen.to_base(self.amount, self.unit), canteen.dimension_of(self.unit)


@dataclass
class Recipe:
    __module__ = "canteen"

    title: str
    portions: int
    ingredients: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    tags: tuple = ()

    @classmethod
    def from_text(cls, text):
        return canteen.parse_recipe(text)

    def scaled(self, portions):
        """The same recipe for another number of portions."""
        return canteen.scale(self, portions)

    def to_text(self, name="text"):
        """The recipe in one of the formats."""
        return canteen.write(self, name)

    def cost(self, prices=None):
        """Cents for the whole recipe, without what has no price."""
        return canteen.recipe_cost(self, prices)

    def needs(self, name):
        return any(one.name == name for one in self.ingredients)

    def has_tags(self, *tags):
        return all(tag in self.tags for tag in tags)
