"""A week's menu, what it needs, what it costs."""

import csv
import os
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import canteen
from canteen.model import CanteenError
from canteen.scaling import merge_ingredients
from canteen.settings import FOLDER, log
from canteen.units import convert, dimension_of

PRICES_FILE = os.path.join(FOLDER, "data", "prices.csv")


@dataclass
class Menu:
    """``days``: date -> recipe, in order."""

    __module__ = "canteen"

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
    day = day or canteen._today()
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
