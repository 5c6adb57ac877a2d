"""What a probe found: one finding a knob, with its evidence, and which cells it makes worthless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from llmsweep.types import Cell, Exchange

Verdict = Literal["honoured", "unsupported", "ignored", "unknown"]
"""``unsupported``: refused, by words or by an API that has no such setting; ``ignored``: taken, and without effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of one knob. ``values``: those of the axis that it is about, none where it is no axis.

    ``where``: other settings under which it was found and alone holds. ``note``: worth knowing, but no cell
    is worth less for it.
    """

    knob: str
    values: tuple[Any, ...] = ()
    verdict: Verdict
    evidence: str
    where: Mapping[str, Any] = field(default_factory=dict)
    note: bool = False

    @property
    def fails(self) -> bool:
        """Something that was asked for does not happen."""
        return self.verdict in ("unsupported", "ignored") and not self.note

    def holds_for(self, cell: Cell) -> bool:
        """Whether the cell has one of the values, under the settings that it was found under."""
        return any(_same(_level(cell, self.knob), value) for value in self.values) and all(
            _same(_level(cell, axis), value) for axis, value in self.where.items()
        )

    @property
    def name(self) -> str:
        """The knob and its values, as they are written in the config."""
        if not self.values:
            return self.knob
        return f"{self.knob}={','.join(word(value) for value in self.values)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """One probe of one model. ``key``: digest of what was asked, of whom; ``at``: UTC, ISO 8601.

    ``input_tokens``, ``output_tokens``: of all calls that reported them. ``exchanges``: why each call was
    made, and what went over the wire; kept apart from the report.
    """

    v: int = 1
    key: str
    model: str
    revision: str
    provider: str
    at: str
    seconds: float
    calls: int
    input_tokens: int
    output_tokens: int
    findings: tuple[Finding, ...]
    exchanges: tuple[tuple[str, Exchange], ...] = field(default=(), repr=False, compare=False)

    def refuses(self, cell: Cell) -> str | None:
        """Why the cell would be measured under a false name; None where nothing speaks against it."""
        for finding in self.failures:
            if finding.holds_for(cell):
                return f"the server {_VERBS[finding.verdict]} {finding.name}: {finding.evidence}"
        return None

    @property
    def failures(self) -> Sequence[Finding]:
        return [finding for finding in self.findings if finding.fails]

    @property
    def cost(self) -> str:
        """What the probe took, in words."""
        tokens = f"{self.input_tokens} tokens read and {self.output_tokens} written"
        return f"{self.calls} calls, {tokens}, {self.seconds:.1f} s"


_VERBS = {"ignored": "ignores", "unsupported": "does not take"}


def word(value: Any) -> str:
    """A value as it is written in the config."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _level(cell: Cell, knob: str) -> Any:
    return getattr(cell.sampling if hasattr(cell.sampling, knob) else cell, knob, None)


def _same(one: Any, other: Any) -> bool:
    """Equal, where True is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
