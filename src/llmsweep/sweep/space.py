"""A space is axes over a baseline cell; every meaningless combination has one canonical cell, so it is never paid for twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from typing import Any

from llmsweep.errors import UsageError, nearest
from llmsweep.types import Cell, Sampling

SAMPLING_AXES = tuple(f.name for f in fields(Sampling) if f.name != "seed")
CELL_AXES = ("protocol", "prompt")
BUDGET_AXES = ("turns", "tokens", "seconds")
AXES = (*SAMPLING_AXES, *CELL_AXES, *BUDGET_AXES)

Space = Mapping[str, Sequence[Any]]
"""Axis name -> its values, in the order in which they were given."""


def canonical(cell: Cell) -> Cell:
    """The one cell that stands for all that behave like it: nothing can be echoed where nothing is reasoned."""
    if cell.sampling.echo_reasoning and not cell.sampling.reasoning:
        return replace(cell, sampling=replace(cell.sampling, echo_reasoning=False))
    return cell


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
    away = [with_level(baseline, axis, value) for axis, values in space.items() for value in values]
    return _unique([baseline, *away])


def grid_cells(baseline: Cell, space: Space) -> list[Cell]:
    """Every combination of every axis; the baseline is among them only where its levels are in the space."""
    cells = []
    for combination in product(*space.values()):
        cell = baseline
        for axis, value in zip(space, combination, strict=True):
            cell = with_level(cell, axis, value)
        cells.append(cell)
    return _unique(cells)


def difference(cell: Cell, baseline: Cell) -> dict[str, Any]:
    """The axes in which a cell differs from the baseline, with the cell's values."""
    return {axis: level(cell, axis) for axis in AXES if level(cell, axis) != level(baseline, axis)}


def without_effect(baseline: Cell, space: Space, cells: Sequence[Cell]) -> list[str]:
    """The axes of the space that make no cell of the design differ, one sentence each: nothing is dropped unseen."""
    notes = []
    for axis, values in space.items():
        if len(set(values)) > 1 and len({level(cell, axis) for cell in cells}) < 2:
            why = " while reasoning is off in every cell" if axis == "echo_reasoning" else ""
            notes.append(f"space.{axis}={list(values)} has no effect{why}: its cells are the baseline's.")
    return notes


def _unique(cells: Sequence[Cell]) -> list[Cell]:
    return list(dict.fromkeys(canonical(cell) for cell in cells))
