"""Which cells are alike: the kernels over cells through which they lend one another strength, one a component.

A component's matrix is positive semidefinite, cells x cells, of size about 1 on its diagonal; how much it matters is
its variance, which is averaged over (`structures`) or fitted (`fit`). Smooth axes (temperature) have a radial basis function, others a contrast between levels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Levels = Mapping[str, Sequence[Any]]
"""Axis -> its level in every cell, in the order of the cells."""

_Level = tuple[bool, Any]
_Frozen = tuple[tuple[str, tuple[_Level, ...]], ...]

LENGTH = {"temperature": 0.4, "top_p": 0.3, "min_p": 0.1, "repeat_penalty": 0.15}
"""How far apart two levels of an axis must be to be hardly alike, in the axis' own unit."""
DOUBLINGS = {"top_k": 2.0, "max_tokens": 1.0, "turns": 1.0, "tokens": 1.0, "seconds": 1.0}
"""Likewise for axes on which ratios count, in doublings."""
NEGLIGIBLE = 1e-3
"""Directions of a kernel with less than this share of its largest are left out."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A variance before any data, and how many observations it is worth."""

    variance: float
    weight: float


@dataclass(frozen=True, slots=True)
class Range:
    """Between which values a variance lies, any order of magnitude as likely as another; or, with a ``bend``, on either
    side of it: a share ``below`` is smaller than that.
    """

    low: float
    high: float
    bend: float | None = None
    below: float = 0.0

    def at(self, places: Floats) -> Floats:
        """The variances at ``places``, shares of the way through the range."""
        if self.bend is None:
            return np.asarray(self.low * (self.high / self.low) ** places)
        small = self.low * (self.bend / self.low) ** (places / self.below)
        large = self.bend * (self.high / self.bend) ** ((places - self.below) / (1 - self.below))
        return np.asarray(np.where(places < self.below, small, large))


Spread = TypeVar("Spread", Prior, Range)


@dataclass(frozen=True, slots=True)
class Component(Generic[Spread]):
    """``features``: cells x rank; the kernel is features times its transpose. ``variance``: what is known of its own."""

    name: str
    features: Floats
    variance: Spread

    @property
    def kernel(self) -> Floats:
        return self.features @ self.features.T


# Variances of logits. The wanted result is that belief is neither bold nor timid on the families that
# `llmsweep replay table=simulated:FAMILY` draws, which are wider than these; see docs/strategies.md.
LEVEL = Range(2.0, 2.0)
CURVE, CONTRAST, TOGETHER = Range(0.005, 3.0), Range(0.002, 1.0), Range(0.001, 0.3)
# Three guesses of four leave a cell much of its own, else races over unrelated cells are sure too soon; the fourth hardly
# any, else those over cells that are all alike never end.
ODD = Range(0.002, 0.6, bend=0.1, below=0.25)
DIFFICULTY, BEND, TILT, TWIST = Prior(2.5, 3.0), Prior(0.15, 3.0), Prior(0.05, 3.0), Prior(0.1, 3.0)


def effects(levels: Levels, count: int) -> list[Component[Range]]:
    """What makes cells differ on every task alike: each axis, each pair of axes, and each cell by itself."""
    return _effects(_frozen(levels), count)


def slopes(levels: Levels, count: int) -> list[Component[Prior]]:
    """What makes tasks differ: how hard each is, and how each answers to every axis. The rest is the residual's."""
    return _slopes(_frozen(levels), count)


def _frozen(levels: Levels) -> _Frozen:
    """The axes in which the cells differ. True is marked as no number, so that it is another level than 1."""
    axes = ((axis, tuple((isinstance(v, bool), v) for v in values)) for axis, values in levels.items())
    return tuple((axis, values) for axis, values in axes if len(set(values)) > 1)


# A race asks for the same kernels at every look.
@lru_cache(maxsize=16)
def _effects(axes: _Frozen, count: int) -> list[Component[Range]]:
    mains = [_main(axis, values, CURVE, CONTRAST) for axis, values in axes]
    pairs = [
        Component(f"{one.name} x {other.name}", _product(one.features, other.features), TOGETHER)
        for one, other in combinations(mains, 2)
    ]
    return [
        Component("level", np.ones((count, 1)), LEVEL),
        *mains,
        *(pair for pair in pairs if pair.features.shape[1]),
        Component("cell", np.eye(count), ODD),
    ]


@lru_cache(maxsize=16)
def _slopes(axes: _Frozen, count: int) -> list[Component[Prior]]:
    return [
        Component("difficulty", np.ones((count, 1)), DIFFICULTY),
        *(_main(axis, values, BEND, TILT) for axis, values in axes),
    ]


def _main(axis: str, values: tuple[_Level, ...], curve: Spread, contrast: Spread) -> Component[Spread]:
    """The component of one axis: a curve where its levels are numbers, else a contrast."""
    known = list(dict.fromkeys(values))
    which = np.array([known.index(value) for value in values])
    raw = [value for _, value in known]
    smooth = sum(_is_number(value) for value in raw) > 1
    kernel = _radial(axis, raw) if smooth else np.eye(len(raw)) * len(raw) / (len(raw) - 1)
    centre = np.eye(len(raw)) - 1 / len(raw)
    return Component(axis, _root(centre @ kernel @ centre)[which], curve if smooth else contrast)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _radial(axis: str, raw: Sequence[Any]) -> Floats:
    """Levels x levels; a level that is no number (not sent, no budget) is alike to itself alone."""
    known = [float(value) for value in raw if _is_number(value)]
    if axis in DOUBLINGS and min(known) > 0:
        length, place = DOUBLINGS[axis], math.log2
    else:
        length, place = LENGTH.get(axis, 0.4 * (max(known) - min(known))), float
    kernel = np.eye(len(raw))
    for i, one in enumerate(raw):
        for j, other in enumerate(raw):
            if i != j and _is_number(one) and _is_number(other):
                kernel[i, j] = math.exp(-((place(one) - place(other)) ** 2) / (2 * length**2))
    return kernel


def _root(kernel: Floats) -> Floats:
    """Features whose products are the kernel, without directions that hardly count."""
    values, vectors = np.linalg.eigh(kernel)
    kept = values > NEGLIGIBLE * values.max()
    return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))


def _product(one: Floats, other: Floats) -> Floats:
    """Features of the product of two kernels, those without any part in these cells left out."""
    both = (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)
    left, sizes, _ = np.linalg.svd(both, full_matrices=False)
    kept = sizes > NEGLIGIBLE * max(float(sizes.max()), 1e-9)
    return np.asarray(left[:, kept] * sizes[kept])
