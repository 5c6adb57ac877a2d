"""Smaller budgets read off episodes that ran under a large one: cut where the loop would have ended them, graded as they stood.

Valid because the model is never told its budget and budgets are checked between turns: up to the turn at which a smaller
one would have ended it, the episode is the same. That turn is the first after which the budget is spent; for tokens and
seconds it has gone over.
"""

from llmsweep.analysis.budgets.bounds import Bound
from llmsweep.analysis.budgets.chosen import Chosen, budget_caveat, chosen_budgets
from llmsweep.analysis.budgets.curves import KINDS, CellBudgets, Curve, Kind, Point, cell_budgets
from llmsweep.analysis.budgets.cut import Cut, Place, Run, clock_s, cut
from llmsweep.analysis.budgets.rates import Rate
from llmsweep.analysis.budgets.table import budgets_table

__all__ = [
    "KINDS",
    "Bound",
    "CellBudgets",
    "Chosen",
    "Curve",
    "Cut",
    "Kind",
    "Place",
    "Point",
    "Rate",
    "Run",
    "budget_caveat",
    "budgets_table",
    "cell_budgets",
    "chosen_budgets",
    "clock_s",
    "cut",
]
