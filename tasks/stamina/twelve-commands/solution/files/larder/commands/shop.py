"""shop: what must be bought."""

from larder import words
from larder.commands._common import exactly
from larder.errors import Nothing, Usage
from larder.quantities import show_quantity


def run(pantry, args):
    rest, options = words.split(args, valued=("--days",))
    exactly(rest, 0, "shop [--days N]")
    days = options.get("--days", "2")
    if not (days.isascii() and days.isdigit() and int(days) > 0):
        raise Usage(f"{days!r}: a whole number from 1 is needed")
    low = sorted((item.shelf, name, item) for name, item in pantry.items.items() if item.is_low())
    if not low:
        raise Nothing
    return [
        f"{shelf} {name} {show_quantity(item.minimum * int(days) - item.stock(), item.unit)}" for shelf, name, item in low
    ]
