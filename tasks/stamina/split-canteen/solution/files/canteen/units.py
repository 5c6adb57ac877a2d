"""Units and amounts."""

import os
from fractions import Fraction

from canteen.model import CanteenError, UnknownUnit
from canteen.settings import FOLDER

UNITS_FILE = os.path.join(FOLDER, "data", "units.txt")
_UNITS = {}
_BIGGEST_FIRST = {"mass": ("kg", "g"), "volume": ("l", "ml"), "count": ("piece",)}


def load_units(path=None):
    """unit -> (dimension, factor), read once and kept in _UNITS unless a path is given."""
    if path is None and _UNITS:
        return _UNITS
    units = {}
    with open(path or UNITS_FILE, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, dimension, factor = line.split()
                units[name] = (dimension, int(factor))
    if path is None:
        _UNITS.update(units)
    return units


def is_unit(word):
    return word in load_units()


def dimension_of(unit):
    """mass, volume or count. Raises UnknownUnit."""
    if not is_unit(unit):
        raise UnknownUnit(unit)
    return load_units()[unit][0]


def to_base(amount, unit):
    """The amount in g, ml or pieces."""
    dimension_of(unit)
    return amount * load_units()[unit][1]


def convert(amount, unit, other):
    """The amount in another unit of the same dimension."""
    if dimension_of(unit) != dimension_of(other):
        raise CanteenError(f"{unit} is no {dimension_of(other)}")
    return Fraction(to_base(amount, unit)) / load_units()[other][1]


def best_unit(base, dimension):
    """(amount, unit) for people: the biggest unit that leaves at least one of it."""
    for unit in _BIGGEST_FIRST[dimension]:
        amount = Fraction(base) / load_units()[unit][1]
        if amount >= 1:
            return amount, unit
    return Fraction(base), _BIGGEST_FIRST[dimension][-1]


def _parse_number(text):
    """A number as people write it: 3, 1/2, 1 1/2, 0.25 or 0,25. Raises ValueError."""
    total = Fraction(0)
    parts = text.replace(",", ".").split()
    if not parts:
        raise ValueError("no number")
    for part in parts:
        total += Fraction(part)
    return total


def _show_number(number):
    """At most two digits behind the point, none that are not needed."""
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return text or "0"


def format_amount(amount, unit):
    """Such as "1.5 kg"; pieces have no unit."""
    return _show_number(amount) if unit == "piece" else f"{_show_number(amount)} {unit}"
