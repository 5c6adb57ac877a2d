"""new: an item without stock."""

from larder import words
from larder.commands._common import exactly, in_unit, quantity
from larder.errors import Refused, Usage
from larder.model import Item
from larder.quantities import UNITS


def run(pantry, args):
    rest, options = words.split(args, valued=("--shelf", "--min"))
    name, unit = exactly(rest, 2, "new NAME UNIT [--shelf SHELF] [--min QUANTITY]")
    item = Item(words.name(name), unit, words.name(options.get("--shelf", "none")))
    if unit not in UNITS:
        raise Usage(f"{unit!r} is no unit: {', '.join(UNITS)}")
    item.minimum, given = quantity(options.get("--min", "0"), least=0)
    if name in pantry.items:
        raise Refused(f"{name} is there already")
    in_unit(item, given)
    pantry.items[name] = item
    return [f"new: {name}"]
