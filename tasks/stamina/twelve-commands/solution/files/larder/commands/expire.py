"""expire: lots whose date is over."""

from larder import words
from larder.commands._common import exactly
from larder.dates import parse_date
from larder.errors import Nothing
from larder.quantities import show_quantity


def run(pantry, args):
    rest, options = words.split(args, flags=("--drop",))
    (text,) = exactly(rest, 1, "expire DATE [--drop]")
    day = parse_date(text)
    over = [(lot.best, item.name, lot, item) for item in pantry.items.values() for lot in item.lots if lot.best and lot.best < day]
    if not over:
        raise Nothing
    over.sort(key=lambda entry: entry[:2])
    lines = [f"{best} {name} {show_quantity(lot.amount, item.unit)}" for best, name, lot, item in over]
    if "--drop" in options:
        for _, _, lot, item in over:
            lot.amount = 0
            item.tidy()
        lines.append(f"dropped: {len(over)}")
    return lines
