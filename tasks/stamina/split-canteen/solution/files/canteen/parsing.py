"""From texts to recipes."""

import re
from collections import OrderedDict

import canteen
from canteen.model import Ingredient, ParseError, Recipe, UnknownUnit
from canteen.settings import log
from canteen.units import _parse_number, is_unit

_HEADER = re.compile(r"#\s*(?P<title>[^()]+?)\s*\((?P<portions>\d+)\)\s*$")
_LINE = re.compile(r"(?P<number>\d[\d/.,]*(?:\s+\d+/\d+)?)\s+(?P<rest>.+)$")
_PINCH = re.compile(r"a pinch of (?P<rest>.+)$")
SEPARATOR = "---"


def parse_recipe(text):
    """One recipe. Raises ParseError."""
    recipe = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line:
            continue
        if recipe is None:
            recipe = _parse_header(number, line)
        elif line.startswith(">"):
            recipe.steps.append(line[1:].strip())
        elif line.startswith("tags:"):
            recipe.tags = tuple(sorted(tag.strip() for tag in line[5:].split(",") if tag.strip()))
        else:
            recipe.ingredients.append(_parse_ingredient(number, line))
    if recipe is None:
        raise ParseError(1, "there is no recipe")
    return recipe


def parse_book(text):
    """Recipes by title, in the order of the book; the last of a title wins."""
    book, lines, first = OrderedDict(), [], 1
    for number, line in enumerate([*text.splitlines(), SEPARATOR], 1):
        if line.strip() != SEPARATOR:
            lines.append(line)
            continue
        if any(one.strip() for one in lines):
            try:
                recipe = parse_recipe("\n".join(lines))
            except ParseError as error:
                raise ParseError(error.number + first - 1, error.why) from error
            if recipe.title in book:
                log.warning("%s stands twice in the book", recipe.title)
            book[recipe.title] = recipe
        lines, first = [], number + 1
    return book


def load_book(path):
    with open(path, encoding="utf-8") as file:
        return parse_book(file.read())


def _parse_header(number, line):
    match = _HEADER.match(line)
    if not match:
        raise ParseError(number, "a recipe begins with '# Title (portions)'")
    if int(match["portions"]) < 1:
        raise ParseError(number, "a recipe is for one portion at least")
    return Recipe(match["title"], int(match["portions"]))


def _split_line(line):
    """(number or None for a pinch, first word, other words, note) of an ingredient's line. Raises ValueError."""
    line, _, note = line.partition(", ")
    pinch = _PINCH.match(line)
    match = pinch or _LINE.match(line)
    if not match:
        raise ValueError(f"no amount in {line!r}")
    first, _, others = match["rest"].partition(" ")
    return (None if pinch else _parse_number(match["number"])), first, others.strip(), note.strip()


def _parse_ingredient(number, line):
    try:
        amount, first, others, note = _split_line(line)
    except ValueError as error:
        raise ParseError(number, str(error)) from error
    if amount is None or not others:
        return Ingredient(f"{first} {others}".strip(), amount, note=note)
    if is_unit(first):
        return Ingredient(others, amount, first, note)
    if canteen.STRICT:
        raise ParseError(number, str(UnknownUnit(first)))
    log.info("line %s: %r is taken as part of the name", number, first)
    return Ingredient(f"{first} {others}", amount, note=note)
