"""The canteen's kitchen: recipes are read, scaled, planned for a week, priced, and written in several formats.

Everything is in this one module, which grew over the years.
"""

import argparse
import csv
import importlib
import json
import logging
import os
import re
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

log = logging.getLogger(__name__)

FOLDER = os.path.dirname(os.path.abspath(__file__))
UNITS_FILE = os.path.join(FOLDER, "data", "units.txt")
PRICES_FILE = os.path.join(FOLDER, "data", "prices.csv")

# These are assigned from outside: canteen.STRICT = True, canteen.ROUND_TO = 10.
STRICT = False
ROUND_TO = 5


class CanteenError(Exception):
    """Whatever the kitchen cannot do."""


class UnknownUnit(CanteenError):
    """A unit that data/units.txt does not know."""

    def __init__(self, unit):
        super().__init__(f"unknown unit {unit!r}")
        self.unit = unit

    def __reduce__(self):
        return UnknownUnit, (self.unit,)


class ParseError(CanteenError):
    """A line that cannot be read; lines are counted from 1."""

    def __init__(self, number, why):
        super().__init__(f"line {number}: {why}")
        self.number, self.why = number, why

    def __reduce__(self):
        return ParseError, (self.number, self.why)


# --------------------------------------------------------------------------------------------------------- units

_UNITS = {}
_BIGGEST_FIRST = {"mass": ("kg", "g"), "volume": ("l", "ml"), "count": ("piece",)}


def load_units(path=None):
    """unit -> (dimension, factor), read once and kept in _UNITS unless a path is given."""
    if path is None and _UNITS:
        return _UNITS
    units = {}
    with open(path or UNITS_FILE, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, dimension, factor = line.split()
                units[name] = (dimension, int(factor))
    if path is None:
        _UNITS.update(units)
    return units


def is_unit(word):
    return word in load_units()


def dimension_of(unit):
    """mass, volume or count. Raises UnknownUnit."""
    if not is_unit(unit):
        raise UnknownUnit(unit)
    return load_units()[unit][0]


def to_base(amount, unit):
    """The amount in g, ml or pieces."""
    dimension_of(unit)
    return amount * load_units()[unit][1]


def convert(amount, unit, other):
    """The amount in another unit of the same dimension."""
    if dimension_of(unit) != dimension_of(other):
        raise CanteenError(f"{unit} is no {dimension_of(other)}")
    return Fraction(to_base(amount, unit)) / load_units()[other][1]


def best_unit(base, dimension):
    """(amount, unit) for people: the biggest unit that leaves at least one of it."""
    for unit in _BIGGEST_FIRST[dimension]:
        amount = Fraction(base) / load_units()[unit][1]
        if amount >= 1:
            return amount, unit
    return Fraction(base), _BIGGEST_FIRST[dimension][-1]


def _parse_number(text):
    """A number as people write it: 3, 1/2, 1 1/2, 0.25 or 0,25. Raises ValueError."""
    total = Fraction(0)
    parts = text.replace(",", ".").split()
    if not parts:
        raise ValueError("no number")
    for part in parts:
        total += Fraction(part)
    return total


def _show_number(number):
    """At most two digits behind the point, none that are not needed."""
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return text or "0"


def format_amount(amount, unit):
    """Such as "1.5 kg"; pieces have no unit."""
    return _show_number(amount) if unit == "piece" else f"{_show_number(amount)} {unit}"


# ---------------------------------------------------------------------------------------------------------- model


@dataclass(frozen=True)
class Ingredient:
    """``amount`` is a Fraction, or None for a pinch; ``note`` is what stands behind a comma."""

    name: str
    amount: Fraction = None
    unit: str = "piece"
    note: str = ""

    def __str__(self):
        amount = "a pinch of" if self.amount is None else format_amount(self.amount, self.unit)
        return f"{amount} {self.name}" + (f", {self.note}" if self.note else "")

    def base(self):
        """(amount, dimension) in g, ml or pieces; (None, None) for a pinch."""
        if self.amount is None:
            return None, None
        return to_base(self.amount, self.unit), dimension_of(self.unit)


@dataclass
class Recipe:
    title: str
    portions: int
    ingredients: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    tags: tuple = ()

    @classmethod
    def from_text(cls, text):
        return parse_recipe(text)

    def scaled(self, portions):
        """The same recipe for another number of portions."""
        return scale(self, portions)

    def to_text(self, name="text"):
        """The recipe in one of the formats."""
        return write(self, name)

    def cost(self, prices=None):
        """Cents for the whole recipe, without what has no price."""
        return recipe_cost(self, prices)

    def needs(self, name):
        return any(one.name == name for one in self.ingredients)

    def has_tags(self, *tags):
        return all(tag in self.tags for tag in tags)


# -------------------------------------------------------------------------------------------------------- parsing

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
    if STRICT:
        raise ParseError(number, str(UnknownUnit(first)))
    log.info("line %s: %r is taken as part of the name", number, first)
    return Ingredient(f"{first} {others}", amount, note=note)


# -------------------------------------------------------------------------------------------------------- scaling


def scale(recipe, portions):
    """A new recipe for so many portions, amounts rounded as a cook would."""
    if portions < 1:
        raise CanteenError("a recipe is for one portion at least")
    factor = Fraction(portions, recipe.portions)
    ingredients = [_scale_one(one, factor) for one in recipe.ingredients]
    return Recipe(recipe.title, portions, ingredients, list(recipe.steps), recipe.tags)


def _scale_one(one, factor):
    if one.amount is None:
        return one
    base, dimension = one.base()
    amount, unit = best_unit(_round_amount(base * factor, dimension), dimension)
    return Ingredient(one.name, amount, unit, one.note)


def _round_amount(base, dimension):
    """g and ml to multiples of ROUND_TO, from ten times that on; pieces up to the next half."""
    if dimension == "count":
        return Fraction(-(-base * 2 // 1), 2)
    if base < ROUND_TO * 10:
        return Fraction(round(base)) or Fraction(1)
    return Fraction(round(Fraction(base) / ROUND_TO) * ROUND_TO)


def merge_ingredients(ingredients):
    """One ingredient for each name and dimension, in alphabetical order; notes are dropped."""
    totals = {}
    for one in ingredients:
        base, dimension = one.base()
        key = (one.name, dimension or "")
        totals[key] = None if base is None else totals.get(key, 0) + base
    merged = []
    for (name, dimension), base in sorted(totals.items()):
        merged.append(Ingredient(name) if base is None else Ingredient(name, *best_unit(base, dimension)))
    return merged


# ------------------------------------------------------------------------------------------------------- planning


@dataclass
class Menu:
    """``days``: date -> recipe, in order."""

    days: dict
    portions: int = 80

    def recipes(self):
        return [self.days[day].scaled(self.portions) for day in sorted(self.days)]

    def __len__(self):
        return len(self.days)


def _today():
    return date.today()


def next_monday(day=None):
    """The Monday after a day, after today where none is given."""
    day = day or _today()
    return day + timedelta(days=7 - day.weekday())


def plan_week(recipes, portions=80, start=None, tags=()):
    """Five days from next Monday on, the recipes in turn; those without the tags are left out."""
    chosen = [recipe for recipe in recipes if recipe.has_tags(*tags)]
    if not chosen:
        raise CanteenError(f"no recipe has the tags {', '.join(tags)}")
    start = start or next_monday()
    return Menu({start + timedelta(days=n): chosen[n % len(chosen)] for n in range(5)}, portions)


def shopping_list(menu):
    """What has to be bought for a menu."""
    return merge_ingredients([one for recipe in menu.recipes() for one in recipe.ingredients])


def load_prices(path=None):
    """name -> (cents, unit)."""
    with open(path or PRICES_FILE, encoding="utf-8", newline="") as file:
        return {row["name"]: (int(row["cents"]), row["per"]) for row in csv.DictReader(file)}


def recipe_cost(recipe, prices=None):
    """Cents, rounded; what has no price or another dimension is named in the log."""
    prices = load_prices() if prices is None else prices
    total = Fraction(0)
    for one in recipe.ingredients:
        cents, unit = prices.get(one.name, (None, None))
        if one.amount is None:
            continue
        if cents is None or dimension_of(unit) != dimension_of(one.unit):
            log.warning("no price for %s", one.name)
            continue
        total += cents * convert(one.amount, one.unit, unit)
    return round(total)


def menu_cost(menu, prices=None):
    """Cents for all days of a menu."""
    return sum(recipe_cost(recipe, prices) for recipe in menu.recipes())


# --------------------------------------------------------------------------------------------------------- output

FORMATS = {}
PLUGINS = ("html",)


def register(name):
    """Decorator: a function from a recipe to a text becomes a format."""

    def keep(function):
        if name in FORMATS:
            raise CanteenError(f"format {name} is there already")
        FORMATS[name] = function
        return function

    return keep


@register("text")
def write_text(recipe):
    lines = [f"# {recipe.title} ({recipe.portions})", *map(str, recipe.ingredients)]
    lines += [f"> {step}" for step in recipe.steps]
    if recipe.tags:
        lines.append("tags: " + ", ".join(recipe.tags))
    return "\n".join(lines) + "\n"


@register("json")
def write_json(recipe):
    ingredients = [[str(one.amount), one.unit, one.name] for one in recipe.ingredients]
    return json.dumps({"title": recipe.title, "portions": recipe.portions, "ingredients": ingredients})


@register("card")
def write_card(recipe):
    """For the board in the kitchen: upper-case title, amounts in a column."""
    width = max((len(_amount_text(one)) for one in recipe.ingredients), default=0)
    lines = [f"{_amount_text(one):>{width}}  {one.name}" for one in recipe.ingredients]
    return "\n".join([recipe.title.upper(), *lines]) + "\n"


def _amount_text(one):
    return "" if one.amount is None else format_amount(one.amount, one.unit)


def write(recipe, name="text"):
    """The recipe in a format; plugins are loaded when a format is not known yet."""
    if name not in FORMATS:
        _load_plugins()
    if name not in FORMATS:
        raise CanteenError(f"no format {name}; formats are {', '.join(sorted(FORMATS))}")
    return FORMATS[name](recipe)


def _load_plugins():
    for name in PLUGINS:
        importlib.import_module(f"plugins.{name}")


def run_job(name, *args, **kwargs):
    """Call any function of the kitchen by its name, as the night's jobs do."""
    function = getattr(sys.modules[__name__], name, None)
    if not callable(function):
        raise CanteenError(f"no job {name}")
    log.info("job %s", name)
    return function(*args, **kwargs)


def main(argv=None):
    """The command line: show, shop, cost."""
    parser = argparse.ArgumentParser(prog="canteen")
    parser.add_argument("--book", default=os.path.join(FOLDER, "data", "book.txt"))
    parser.add_argument("--strict", action="store_true")
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="one recipe")
    show.add_argument("title")
    show.add_argument("--portions", type=int)
    show.add_argument("--format", default="text")
    for verb in (verbs.add_parser("shop", help="the week's shopping list"), verbs.add_parser("cost", help="the week's cost")):
        verb.add_argument("--portions", type=int, default=80)
        verb.add_argument("--tag", action="append", default=[])
    options = parser.parse_args(argv)
    global STRICT
    STRICT = STRICT or options.strict
    try:
        print(_answer(options), end="")
    except CanteenError as error:
        print(f"canteen: {error}", file=sys.stderr)
        return 1
    return 0


def _answer(options):
    book = load_book(options.book)
    if options.verb == "show":
        if options.title not in book:
            raise CanteenError(f"no recipe {options.title}")
        recipe = book[options.title]
        return write(recipe.scaled(options.portions) if options.portions else recipe, options.format)
    menu = plan_week(list(book.values()), options.portions, tags=options.tag)
    if options.verb == "cost":
        return f"{menu_cost(menu) / 100:.2f}\n"
    return "".join(f"{one}\n" for one in shopping_list(menu))


if __name__ == "__main__":
    sys.exit(main())
