"""count: what a stocktaking found."""

from larder import words
from larder.commands._common import exactly, in_unit, quantity, take
from larder.quantities import show_quantity


def run(pantry, args):
    name, text = exactly(words.split(args)[0], 2, "count NAME QUANTITY")
    words.name(name)
    amount, unit = quantity(text, least=0)
    item = pantry.item(name)
    in_unit(item, unit)
    difference = amount - item.stock()
    if not difference:
        return [f"{name}: as expected"]
    if difference > 0:
        item.put(difference)
    else:
        take(item, -difference)
    return [f"{name}: {'+' if difference > 0 else '-'}{show_quantity(abs(difference), item.unit)}"]
