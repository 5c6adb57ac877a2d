"""What one model can be asked: the values of each axis that it takes, and the combinations that its API refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmsweep.errors import UsageError, nearest
from llmsweep.sweep.space import AXES, level
from llmsweep.types import Cell

CHANNELS = ("none", "field", "blocks", "tags")
"""How a model's reasoning comes: not at all, in a field of its own, in signed blocks, inside the text."""
ANY = "any"
"""In a rule: every value but null and false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A combination that the API refuses. ``cell``: axis -> the value, the values, or `ANY`; all must match."""

    cell: Mapping[str, Any]
    because: str

    def holds(self, cell: Cell) -> bool:
        return all(_matches(level(cell, axis), wanted) for axis, wanted in self.cell.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Of one model. ``axes``: axis -> the values it takes; an axis not named takes any, one without values takes
    none, so that it must be null. Raises UsageError for an axis or a channel that does not exist.
    """

    reasoning: str | None = None
    axes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    impossible: Sequence[Rule] = ()

    def __post_init__(self) -> None:
        if self.reasoning is not None and self.reasoning not in CHANNELS:
            raise UsageError(
                f"model.capabilities.reasoning={self.reasoning}: no such channel; {nearest(self.reasoning, CHANNELS)}"
            )
        for axis in (*self.axes, *(axis for rule in self.impossible for axis in rule.cell)):
            if axis not in AXES:
                raise UsageError(f"model.capabilities: there is no axis {axis!r}; {nearest(axis, AXES)}")

    def refuses(self, cell: Cell) -> str | None:
        """Why the model cannot be asked with these settings; None where it can."""
        for axis, values in self.axes.items():
            value = level(cell, axis)
            if value is None or any(_same(value, taken) for taken in values):
                continue
            takes = f"it takes {', '.join(_word(v) for v in values)}" if values else "it takes none"
            return f"{cell.model} does not take {axis}={_word(value)}: {takes}"
        return next((rule.because for rule in self.impossible if rule.holds(cell)), None)


def _matches(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list | tuple):
        return any(_matches(value, each) for each in wanted)
    if wanted == ANY:
        return value is not None and value is not False
    return _same(value, wanted)


def _same(one: Any, other: Any) -> bool:
    """Equal, where True is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _word(value: Any) -> str:
    """A value as it is written in the config."""
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
