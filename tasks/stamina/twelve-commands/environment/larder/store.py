"""Reads and writes the file (docs/spec.md, part 2)."""

import os

from larder.errors import Refused
from larder.model import Item, Lot, Pantry

FIRST = "larder 1"


def load(path):
    """The pantry of a file. Raises Refused where it is missing or malformed."""
    if not os.path.exists(path):
        raise Refused(f"no file {path}")
    with open(path, encoding="utf-8") as file:
        return parse(file.read())


def parse(text):
    """The pantry of a file's text. Raises Refused naming the line."""
    lines = text.splitlines()
    if not lines or lines[0] != FIRST:
        raise Refused(f"line 1: {FIRST!r} is needed")
    pantry, item = Pantry(), None
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("#"):
            pantry.remarks.append(line)
            continue
        words = line.split()
        try:
            if words[0] == "item":
                _, name, unit, shelf, minimum = words
                item = pantry.items[name] = Item(name, unit, shelf, int(minimum))
            elif words[0] == "lot" and item:
                _, best, amount = words
                item.lots.append(Lot(None if best == "-" else best, int(amount)))
            else:
                raise ValueError(words[0])
        except (ValueError, IndexError):
            raise Refused(f"line {number}: neither item nor lot") from None
    return pantry


def show(pantry):
    """The text of the file."""
    lines = [FIRST, *pantry.remarks]
    for _, item in sorted(pantry.items.items()):
        lines.append(f"item {item.name} {item.unit} {item.shelf} {item.minimum}")
        lines += [f"lot {lot.best or '-'} {lot.amount}" for lot in sorted(item.lots, key=Lot.order)]
    return "\n".join(lines) + "\n"


def save(pantry, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write(show(pantry))
