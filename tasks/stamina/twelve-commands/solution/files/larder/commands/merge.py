"""merge: two items become one."""

from larder import words
from larder.commands._common import exactly, in_unit, stock
from larder.errors import Refused


def run(pantry, args):
    source, target = map(words.name, exactly(words.split(args)[0], 2, "merge FROM INTO"))
    giver, taker = pantry.item(source), pantry.item(target)
    if giver is taker:
        raise Refused(f"cannot merge {source} into itself")
    in_unit(taker, giver.unit)
    for lot in giver.lots:
        taker.put(lot.amount, lot.best)
    taker.minimum = max(taker.minimum, giver.minimum)
    del pantry.items[source]
    return [f"{target}: {stock(taker)}"]
