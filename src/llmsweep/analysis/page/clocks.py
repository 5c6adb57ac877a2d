"""Time to first token as quantiles: by cell, cold and warm; by turn; by the size of the prompt."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from llmsweep.analysis.page.pictures import numbers
from llmsweep.analysis.page.sources import Sources
from llmsweep.types import FRESH, Episode

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_TURNS = 12
"""Turns beyond it are one group."""


def clocks(of: Sources) -> dict[str, Any]:
    """Groups of (name, how many, five quantiles); of turns on a warm model except where a group says cold."""
    episodes = [e for e in of.episodes if e.passed is not None and e.repeat < FRESH]
    names = dict(zip(of.table["cell_id"].astype(str), of.table["label"].astype(str), strict=True))
    return {
        "cells": [group for cell, name in names.items() for group in _cell(name, cell, episodes)],
        "turns": _by_turn(episodes),
        "sizes": _by_size(episodes),
        "unknown": sum(turn.ttft_s is None for e in episodes for turn in e.turns),
    }


def _cell(name: str, cell: str, episodes: Iterable[Episode]) -> list[dict[str, Any]]:
    """The first warm turn of each episode, as in the table; then the cold ones, where there are any."""
    mine = [e for e in episodes if e.cell_id == cell]
    warm = [next((t.ttft_s for t in e.turns if not t.cold), None) for e in mine]
    cold = [turn.ttft_s for e in mine for turn in e.turns if turn.cold]
    groups = [_group(name, warm)]
    if cold:
        groups.append({**_group(f"{name}, cold", cold), "cold": True})
    return groups


def _by_turn(episodes: Iterable[Episode]) -> list[dict[str, Any]]:
    found: defaultdict[int, list[float | None]] = defaultdict(list)
    for episode in episodes:
        for place, turn in enumerate(episode.turns):
            if not turn.cold:
                found[min(place, MOST_TURNS)].append(turn.ttft_s)
    return [
        _group(f"turn {place + 1}{' and later' if place == MOST_TURNS else ''}", found[place])
        for place in sorted(found)
    ]


def _by_size(episodes: Iterable[Episode]) -> list[dict[str, Any]]:
    """By the tokens of the whole prompt, in doublings."""
    found: defaultdict[int, list[float | None]] = defaultdict(list)
    for episode in episodes:
        for turn in episode.turns:
            size = turn.usage.input_tokens
            if size and not turn.cold:
                found[math.floor(math.log2(size))].append(turn.ttft_s)
    return [
        _group(f"{2**power:,} to {2 ** (power + 1) - 1:,} tokens", found[power]) for power in sorted(found)
    ]


def _group(name: str, values: Sequence[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    quantiles = numbers(np.quantile(known, QUANTILES)) if known else None
    return {"name": name, "count": len(known), "quantiles": quantiles}
