"""import: stock from a comma separated file."""

import csv

from larder import words
from larder.commands._common import exactly, in_unit, quantity
from larder.dates import parse_date
from larder.errors import Refused, Usage
from larder.model import Item

COLUMNS = ["name", "quantity", "best"]


def run(pantry, args):
    (path,) = exactly(words.split(args)[0], 1, "import FILE")
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return _read(pantry, csv.reader(file))
    except (OSError, UnicodeDecodeError):
        raise Refused(f"cannot read {path}") from None


def _read(pantry, rows):
    if [field.strip() for field in next(rows, [])] != COLUMNS:
        raise Refused("line 1: name,quantity,best is needed")
    count = 0
    for row in rows:
        if not any(field.strip() for field in row):
            continue
        try:
            _put(pantry, [field.strip() for field in row])
        except (Usage, Refused) as e:
            raise Refused(f"line {rows.line_num}: {e}") from None
        count += 1
    return [f"imported: {count}"]


def _put(pantry, fields):
    if len(fields) != len(COLUMNS):
        raise Usage(f"{len(fields)} fields")
    name, text, best = fields
    amount, unit = quantity(text)
    item = pantry.items.get(words.name(name)) or Item(name, unit or "pc")
    in_unit(item, unit)
    item.put(amount, parse_date(best) if best else None)
    pantry.items[name] = item
