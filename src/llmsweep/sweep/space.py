"""A space is axes over a baseline cell; every meaningless combination has one canonical cell, so it is never paid for twice."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

from llmsweep.errors import UsageError, nearest
from llmsweep.types import Cell, Sampling

SAMPLING_AXES = tuple(f.name for f in fields(Sampling) if f.name != "seed")
CELL_AXES = ("protocol", "prompt")
BUDGET_AXES = ("turns", "tokens", "seconds")
AXES = (*SAMPLING_AXES, *CELL_AXES, *BUDGET_AXES)
BOUNDS: Mapping[str, tuple[float, float, str]] = {
    "top_k": (0, math.inf, "0 (no limit) or more, or null"),
    "min_p": (0, 1, "between 0 (no limit) and 1, or null"),
    "repeat_penalty": (math.ulp(0.0), math.inf, "more than 0 (1 is none), or null"),
}
"""Axis -> its least and its largest value, and the same in words."""
_NARROWING = ("top_p", "top_k", "min_p")
"""Axes that leave out unlikely tokens, never the likeliest."""

DIGITS = 4
"""Significant digits of a value out of a range without steps: what nobody would write by hand makes no other cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Every number from ``low`` to ``high``, both included. ``step``: only low, low + step and so on; ``log``: as much
    room to the small numbers as to the large ones; ``whole``: whole numbers only.

    Raises UsageError for a range that holds nothing to choose from.
    """

    low: float
    high: float
    step: float | None = None
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise UsageError(f"low={self.low:g}, high={self.high:g}: low must be below high.")
        if self.log and (self.step is not None or self.low <= 0):
            raise UsageError("log=true: it needs a low above 0 and no step.")
        if self.step is not None and not 0 < self.step <= self.high - self.low:
            raise UsageError(f"step={self.step:g}: it must be above 0 and fit between low and high.")
        if self.whole and any(x is not None and x % 1 for x in (self.low, self.high, self.step)):
            raise UsageError("this axis takes whole numbers only.")

    @property
    def last(self) -> float:
        """The largest value: ``high``, or the last step below it."""
        if self.step is None:
            return self.high
        steps = math.floor((self.high - self.low) / self.step + 1e-9)
        return self.low + steps * self.step

    @property
    def ends(self) -> tuple[float, float]:
        return self.near(self.low), self.near(self.last)

    def near(self, value: float) -> float:
        """The value of the range that is nearest, written as short as it can be."""
        value = min(max(value, self.low), self.last)
        if self.step is not None:
            value = round(self.low + round((value - self.low) / self.step) * self.step, 9)
        elif not self.whole and value not in (self.low, self.high):
            value = min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)
        return round(value) if self.whole else float(value)

    def __str__(self) -> str:
        step = "" if self.step is None else f", step: {self.step:g}"
        return f"{{low: {self.low:g}, high: {self.high:g}{step}{', log: true' if self.log else ''}}}"


Space = Mapping[str, Sequence[Any] | Range]
"""Axis name -> its values, in the order in which they were given, or all values of a range."""


def canonical(cell: Cell) -> Cell:
    """The one cell that stands for all that behave like it: nothing can be echoed where nothing is reasoned."""
    if cell.sampling.echo_reasoning and not cell.sampling.reasoning:
        return replace(cell, sampling=replace(cell.sampling, echo_reasoning=False))
    return cell


def check_level(key: str, axis: str, value: Any) -> None:
    """Raises UsageError for a value that no server could honour. ``key``: how the user calls it."""
    if axis in BOUNDS and value is not None:
        least, most, words = BOUNDS[axis]
        if not least <= value <= most:
            raise UsageError(f"{key}={value}: it must be {words}.")


def level(cell: Cell, axis: str) -> Any:
    """The value of ``axis`` in a cell."""
    if axis in SAMPLING_AXES:
        return getattr(cell.sampling, axis)
    return getattr(cell.budget if axis in BUDGET_AXES else cell, axis)


def with_level(cell: Cell, axis: str, value: Any) -> Cell:
    """The cell with one axis changed. Raises UsageError for an unknown axis."""
    if axis in SAMPLING_AXES:
        return replace(cell, sampling=replace(cell.sampling, **{axis: value}))
    if axis in BUDGET_AXES:
        return replace(cell, budget=replace(cell.budget, **{axis: value}))
    if axis in CELL_AXES:
        return replace(cell, **{axis: value})
    raise UsageError(f"space.{axis}: there is no such axis; {nearest(axis, AXES)}")


def ofat_cells(baseline: Cell, space: Space) -> list[Cell]:
    """One factor at a time: the baseline first, then every cell that is one knob away from it."""
    levels = listed(space).items()
    away = [with_level(baseline, axis, value) for axis, values in levels for value in values]
    return _unique([baseline, *away])


def grid_cells(baseline: Cell, space: Space) -> list[Cell]:
    """Every combination of every axis; the baseline is among them only where its levels are in the space."""
    cells = []
    for combination in product(*listed(space).values()):
        cell = baseline
        for axis, value in zip(space, combination, strict=True):
            cell = with_level(cell, axis, value)
        cells.append(cell)
    return _unique(cells)


def sketch_cells(baseline: Cell, space: Space) -> list[Cell]:
    """A few cells, the baseline first, that stand for a space that is too large to be listed.

    Between them they have every value (of a range: its ends) both around the baseline and around the cell with the
    last value of every axis, with whatever it needs to act, and every combination of what the harness says.
    """
    few = {axis: values.ends if isinstance(values, Range) else values for axis, values in space.items()}
    far = baseline
    for axis, values in few.items():
        far = with_level(far, axis, values[-1])
    around = [*ofat_cells(baseline, few), *ofat_cells(far, few)]
    lent = [
        with_level(next((cell for cell in around if acts(cell, axis, values)), baseline), axis, value)
        for axis, values in few.items()
        for value in values
    ]
    words = grid_cells(baseline, {axis: values for axis, values in few.items() if axis in CELL_AXES})
    return _unique([*around, *lent, *words])


def acts(cell: Cell, axis: str, values: Sequence[Any]) -> bool:
    """Whether it makes a difference which of the ``values`` the axis has, all else being as in the cell."""
    return len({canonical(with_level(cell, axis, value)) for value in values}) > 1


def refused_within(
    refuses: Callable[[Cell], str | None], cell: Cell, baseline: Cell, space: Space
) -> str | None:
    """Why a cell is refused that lies within a range: what is refused at each end beside the baseline is so between."""
    for axis, values in space.items():
        if not isinstance(values, Range) or level(cell, axis) == level(baseline, axis):
            continue
        ends = [with_level(cell, axis, end) for end in values.ends if end != level(baseline, axis)]
        reasons = [refuses(end) for end in ends]
        if all(reasons):
            return reasons[0]
    return None


def listed(space: Space) -> dict[str, Sequence[Any]]:
    """The space as lists of values. Raises UsageError where an axis is a range."""
    for axis, values in space.items():
        if isinstance(values, Range):
            low, high = values.ends
            raise UsageError(
                f"space.{axis}={values}: this strategy needs a list of values, such as [{low:g},{high:g}];"
                " strategy=optuna takes ranges."
            )
    return {axis: values for axis, values in space.items() if not isinstance(values, Range)}


def difference(cell: Cell, baseline: Cell) -> dict[str, Any]:
    """The axes in which a cell differs from the baseline, with the cell's values."""
    return {axis: level(cell, axis) for axis in AXES if level(cell, axis) != level(baseline, axis)}


def without_effect(baseline: Cell, space: Space, cells: Sequence[Cell]) -> list[str]:
    """The axes of the space that make no cell of the design differ, one sentence each: nothing is dropped unseen."""
    notes = []
    for axis, chosen in space.items():
        values = chosen.ends if isinstance(chosen, Range) else chosen
        if len(set(values)) > 1 and len({level(cell, axis) for cell in cells}) < 2:
            why = " while reasoning is off in every cell" if axis == "echo_reasoning" else ""
            notes.append(f"space.{axis}={_written(chosen)} has no effect{why}: its cells are the baseline's.")
        elif axis in _NARROWING and {cell.sampling.temperature for cell in _apart(cells, axis)} == {0}:
            notes.append(
                f"space.{axis}={_written(chosen)} has no effect at temperature 0, where the likeliest token is always taken:"
                " set baseline.temperature, or sweep both with a strategy that combines axes."
            )
    return notes


def _written(values: Sequence[Any] | Range) -> str:
    return str(values if isinstance(values, Range) else list(values))


def _apart(cells: Sequence[Cell], axis: str) -> list[Cell]:
    """The cells that differ from another one in this axis alone."""
    alike: dict[Cell, list[Cell]] = {}
    for cell in cells:
        alike.setdefault(with_level(cell, axis, None), []).append(cell)
    return [cell for group in alike.values() if len(group) > 1 for cell in group]


def _unique(cells: Sequence[Cell]) -> list[Cell]:
    return list(dict.fromkeys(canonical(cell) for cell in cells))
