"""take: stock goes out, the earliest date first."""

from larder import words
from larder.commands._common import exactly, in_unit, quantity, stock, take
from larder.errors import Refused
from larder.quantities import show_quantity


def run(pantry, args):
    name, text = exactly(words.split(args)[0], 2, "take NAME QUANTITY")
    words.name(name)
    amount, unit = quantity(text)
    item = pantry.item(name)
    in_unit(item, unit)
    if amount > item.stock():
        raise Refused(f"only {stock(item)} of {name}")
    lines = [f"{best or '-'} {show_quantity(part, item.unit)}" for best, part in take(item, amount)]
    return [*lines, f"{name}: {stock(item)}"]
