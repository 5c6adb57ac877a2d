"""rename: another name for an item."""

from larder import words
from larder.commands._common import exactly
from larder.errors import Refused


def run(pantry, args):
    old, new = map(words.name, exactly(words.split(args)[0], 2, "rename OLD NEW"))
    item = pantry.item(old)
    if new in pantry.items:
        raise Refused(f"{new} is there already")
    item.name = new
    pantry.items[new] = pantry.items.pop(old)
    return [f"{old} -> {new}"]
