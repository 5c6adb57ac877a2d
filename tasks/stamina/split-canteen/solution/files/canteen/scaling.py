"""Recipes for more or fewer, and sums of ingredients."""

from fractions import Fraction

import canteen
from canteen.model import CanteenError, Ingredient, Recipe
from canteen.units import best_unit


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
    if base < canteen.ROUND_TO * 10:
        return Fraction(round(base)) or Fraction(1)
    return Fraction(round(Fraction(base) / canteen.ROUND_TO) * canteen.ROUND_TO)


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
