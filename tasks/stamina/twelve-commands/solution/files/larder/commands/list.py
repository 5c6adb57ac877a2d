"""list: a line for each item."""

from larder import words
from larder.commands._common import exactly, stock
from larder.errors import Nothing


def run(pantry, args):
    rest, options = words.split(args, valued=("--shelf",), flags=("--low",))
    exactly(rest, 0, "list [--shelf SHELF] [--low]")
    items = [item for _, item in sorted(pantry.items.items())]
    if "--shelf" in options:
        shelf = words.name(options["--shelf"])
        items = [item for item in items if item.shelf == shelf]
    if "--low" in options:
        items = [item for item in items if item.is_low()]
    if not items:
        raise Nothing
    width = max(len(item.name) for item in items)
    return [f"{item.name:<{width}}  {stock(item)}{' !' if item.is_low() else ''}" for item in items]
