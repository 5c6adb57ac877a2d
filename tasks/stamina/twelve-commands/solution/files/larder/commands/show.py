"""show: all about one item."""

from larder import words
from larder.commands._common import exactly, stock
from larder.quantities import show_quantity


def run(pantry, args):
    (name,) = exactly(words.split(args)[0], 1, "show NAME")
    item = pantry.item(words.name(name))
    lines = [f"{name} ({item.unit})", f"shelf: {item.shelf}", f"minimum: {show_quantity(item.minimum, item.unit)}"]
    lines.append(f"stock: {stock(item)}{' low' if item.is_low() else ''}")
    lots = sorted(item.lots, key=lambda lot: lot.order())
    return lines + [f"  {lot.best or '-'} {show_quantity(lot.amount, item.unit)}" for lot in lots]
