"""Formats, jobs and the command line."""

import argparse
import importlib
import json
import os
import sys

import canteen
from canteen.model import CanteenError
from canteen.parsing import load_book
from canteen.planning import menu_cost, plan_week, shopping_list
from canteen.settings import FOLDER, log
from canteen.units import format_amount

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
    function = getattr(canteen, name, None)
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
    canteen.STRICT = canteen.STRICT or options.strict
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
