"""add: stock comes in."""

from larder import words
from larder.commands._common import exactly, in_unit, quantity, stock
from larder.dates import parse_date


def run(pantry, args):
    rest, options = words.split(args, valued=("--best",))
    name, text = exactly(rest, 2, "add NAME QUANTITY [--best DATE]")
    words.name(name)
    amount, unit = quantity(text)
    best = parse_date(options["--best"]) if "--best" in options else None
    item = pantry.item(name)
    in_unit(item, unit)
    item.put(amount, best)
    return [f"{name}: {stock(item)}"]
