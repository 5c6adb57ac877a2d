"""move: items go to another shelf."""

from larder import words
from larder.errors import Usage


def run(pantry, args):
    rest, _ = words.split(args)
    if len(rest) < 2:
        raise Usage("use: move NAME... SHELF")
    *names, shelf = [words.name(word) for word in rest]
    items = {name: pantry.item(name) for name in names}
    moved = [item for item in items.values() if item.shelf != shelf]
    for item in moved:
        item.shelf = shelf
    return [f"moved: {len(moved)}"]
