"""A choice of a model in words: what was chosen, how far it is to be trusted, what evidence is missing."""

from __future__ import annotations

import math

import numpy as np

from llmsweep.analysis.choosing import TIERS, Candidate, Choice
from llmsweep.analysis.stats import COMPARABLE, tasks_needed
from llmsweep.analysis.wording import listed, percent, plural, points, rounded_up

FEW_TASKS = 20
"""Below so many tasks nearly every model ties with the best."""


def sentence(found: Choice) -> str:
    """The choice and how far it is to be trusted."""
    room, names = found.room, found.candidates
    if found.best is None:
        return "nothing passed, so that no model is better than another: none is chosen"
    best = names[found.best]
    if found.chosen is None:
        return _none_fits(found, best)
    one = names[found.chosen]
    where = f"{_taken(one)}{'' if one.cloud else f', fits {room.name}'}"
    if len(names) == 1:
        return f"{one.name} ({where}) is the only model with results: there is nothing to tell it from"
    if found.chosen == found.best and found.tied.sum() == 1:
        return f"{one.name} ({where}): no smaller one is as good, and it beats all others here"
    text = f"{one.name} ({where}): the smallest that cannot be told from the best"
    if found.status == "shown":
        return f"{text}, and no other is more than {points(found.delta, sign=False)} points better (95 %)"
    if found.status == "provisional":
        return f"{text}, which is not the same as being as good: {_may_be_ahead(found)}"
    return f"{text}, but only for want of evidence: {_may_be_ahead(found)}; get more before you rely on it"


def _taken(one: Candidate) -> str:
    return (
        f"{one.tier}, {one.memory_gb:.1f} GB"
        if one.memory_gb is not None and not one.cloud
        else str(one.tier)
    )


def _none_fits(found: Choice, best: Candidate) -> str:
    tied = [one.name for one, stays in zip(found.candidates, found.tied, strict=True) if stays]
    text = f"no model that cannot be told from the best ({listed(tied)}) is known to fit {found.room.name}"
    fitting = [i for i, fits in enumerate(found.fits) if fits and not math.isnan(found.candidates[i].rate)]
    if not fitting:
        return f"{text}; nor is any other"
    top = max(fitting, key=lambda i: found.candidates[i].rate)
    one, ahead = found.candidates[top], found.ahead[top]
    return (
        f"{text}; of those that do, {one.name} is at {points(ahead.value)} points to {best.name}"
        f" ({points(ahead.low)} to {points(ahead.high)})"
        if not math.isnan(ahead.value)
        else f"{text}; of those that do, {one.name} passes {percent(one.rate)}"
    )


def _may_be_ahead(found: Choice) -> str:
    """The one that may be furthest ahead of the chosen."""
    rivals = [i for i, one in enumerate(found.ahead) if i != found.chosen and not math.isnan(one.high)]
    if not rivals:
        return "no other shares enough tasks with it to be compared"
    most = max(rivals, key=lambda i: found.ahead[i].high)
    one = found.ahead[most]
    return (
        f"{found.candidates[most].name} is at {points(one.value)} points to it and may be up to"
        f" {points(max(one.high, 0.0), sign=False)} better (95 %)"
    )


def missing(found: Choice) -> list[str]:
    """What would change the choice, or let it stand."""
    names = found.candidates
    tasks = int((np.stack([one.attempts for one in names]) > 0).any(axis=0).sum())
    gaps = []
    if tasks < FEW_TASKS:
        gaps.append(
            f"too few tasks: on {plural(tasks, 'task')} nearly every model ties with the best; {FEW_TASKS} or more tell more"
        )
    gaps += _more(found)
    apart = [one.name for one, there in zip(names, found.comparable, strict=True) if not there]
    if apart:
        gaps.append(
            f"{listed(apart)}: fewer than {COMPARABLE} tasks in common with any other model, so not compared;"
            " run the whole suite"
        )
    unknown = [one.name for one in names if one.memory_gb is None and not one.cloud]
    if unknown:
        gaps.append(f"what {listed(unknown)} would take of memory: say memory.{unknown[0]}=GB")
    if found.room.gb is None:
        gaps.append(f"what {found.room.name} has for models: give host.memory_gb=N")
    guessed = [one.name for one in names if one.rests_on == "estimated"]
    if guessed:
        gaps.append(
            f"what {listed(guessed)} takes of memory is estimated from the weights' size, since they are not here"
        )
    if found.chosen is not None and not names[found.chosen].confirmed:
        gaps.append(
            f"{names[found.chosen].name} was not confirmed on fresh seeds: its cell was chosen by the same episodes that"
            " give its rate (confirm=N in its sweep)"
        )
    absent = [tier for tier in TIERS if tier not in {one.tier for one in names}]
    if absent:
        gaps.append(
            f"no {listed(absent).replace(' and ', ' or ')} model has results here: the best is the best of these alone"
        )
    return gaps


def _more(found: Choice) -> list[str]:
    """How many tasks would tell the chosen from the one that may be furthest ahead."""
    if found.chosen is None or found.status == "shown":
        return []
    rivals = [i for i, one in enumerate(found.ahead) if i != found.chosen and found.tied[i] and one.tasks]
    if not rivals:
        return []
    most = max(rivals, key=lambda i: found.ahead[i].high)
    one, other = found.candidates[found.chosen], found.candidates[most]
    needed = tasks_needed(one.rates, other.rates, found.delta)
    if needed is None or needed <= found.ahead[most].tasks:
        return []
    return [
        f"to tell {points(found.delta, sign=False)} points between {one.name} and {other.name} takes about"
        f" {rounded_up(needed):,} tasks like these, and they share {found.ahead[most].tasks}"
    ]
