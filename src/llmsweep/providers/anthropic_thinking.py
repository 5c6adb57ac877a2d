"""What one Claude model takes: how its thinking is asked for, and which settings the API refuses beside it.

Which shape a model takes (adaptive, a budget, between tools, levels of effort) is its config's to say; the rules
that hold for every model are here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llmsweep.errors import UsageError, nearest
from llmsweep.providers.dialect import Fragment
from llmsweep.types import Sampling

UNSAMPLED_SINCE = "2026-10-21"
"""From this version of the API on no request may hold temperature, top_p or top_k, not even at their defaults."""
LEAST_BUDGET = 1024
"""Tokens; the API refuses a smaller thinking budget."""
_DRAWING = {"temperature": 1, "top_p": 1, "top_k": None}
"""Settings that older versions take, and their largest value."""
_UNKNOWN = ("min_p", "repeat_penalty")
"""Settings that no version takes."""
_LEAST_TOP_P = 0.95
"""The smallest top_p that the API takes while a model thinks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """``on``, ``off``, ``levels``: what a request must hold. ``version``: of the API, None is the client library's.

    Without ``on`` and ``levels`` it is a model that never thinks, with them but without ``off`` one that always
    does. Raises UsageError for a budget that the API refuses.
    """

    on: Fragment | None = None
    off: Fragment | None = None
    levels: Mapping[str, Fragment] | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        for key, fragment in self._fragments():
            budget = _budget(fragment)
            if _kind(fragment) == "enabled" and budget < LEAST_BUDGET:
                raise UsageError(
                    f"{key}.thinking.budget_tokens={budget}: the API takes {LEAST_BUDGET} tokens or more."
                )

    def fragment(self, reasoning: bool | str) -> Fragment:
        """What a request must hold. Raises UsageError naming the setting that has no words."""
        if isinstance(reasoning, str):
            if reasoning not in (levels := self.levels or {}):
                raise UsageError(
                    f"reasoning={reasoning}: provider.reasoning_levels has no such level; {nearest(reasoning, levels)}"
                )
            return levels[reasoning]
        if reasoning:
            if self.on is None:
                raise UsageError(
                    "reasoning=true: provider.reasoning_on does not say how this model's thinking is switched on;"
                    " for current ones it is {thinking: {type: adaptive, display: summarized}}."
                )
            return self.on
        if self.off is None and (self.on is not None or self.levels):
            raise UsageError(
                "reasoning=false: provider.reasoning_off does not say how this model's thinking is switched off;"
                " where the API allows it, it is {thinking: {type: disabled}}."
            )
        return self.off or {}

    def check(self, sampling: Sampling) -> None:
        """Raises UsageError for a setting, or two together, that the API refuses."""
        fragment = self.fragment(sampling.reasoning)
        self._check_drawing(sampling)
        said = str(sampling.reasoning).lower()
        if _is_thinking(fragment):
            for axis, value in (("temperature", sampling.temperature), ("top_k", sampling.top_k)):
                if value is not None:
                    raise UsageError(
                        f"{axis}={value:g} with reasoning={said}: the API takes no {axis} while a model thinks; it must"
                        " be null."
                    )
            if sampling.top_p is not None and sampling.top_p < _LEAST_TOP_P:
                raise UsageError(
                    f"top_p={sampling.top_p:g} with reasoning={said}: while a model thinks the API takes"
                    f" {_LEAST_TOP_P} to 1, or null."
                )
        if _kind(fragment) == "enabled":
            self._check_budget(fragment, sampling, said)

    def _check_drawing(self, sampling: Sampling) -> None:
        for axis in _UNKNOWN:
            if (value := getattr(sampling, axis)) is not None:
                raise UsageError(f"{axis}={value:g}: Anthropic's API has no such setting; it must be null.")
        for axis, most in _DRAWING.items():
            value = getattr(sampling, axis)
            if value is not None and not self.is_sampled:
                raise UsageError(f"{axis}={value:g}: this version of the API takes none; it must be null.")
            if value is not None and most is not None and not 0 <= value <= most:
                raise UsageError(f"{axis}={value:g}: the API takes 0 to {most}, or null.")

    def _check_budget(self, fragment: Fragment, sampling: Sampling, said: str) -> None:
        budget = _budget(fragment)
        if sampling.max_tokens <= budget:
            raise UsageError(
                f"max_tokens={sampling.max_tokens} with reasoning={said}: it must be more than the thinking"
                f" budget of {budget} tokens."
            )
        if not sampling.echo_reasoning:
            raise UsageError(
                f"echo_reasoning=false with reasoning={said}: with a thinking budget the API wants the thinking of a"
                " turn that calls tools back; it must be true."
            )

    @property
    def is_sampled(self) -> bool:
        """Whether requests may hold temperature, top_p and top_k."""
        return self.version is not None and self.version < UNSAMPLED_SINCE

    @property
    def mildest(self) -> bool | str:
        """The setting of a call whose answer does not matter."""
        if self.off is not None or (self.on is None and not self.levels):
            return False
        return True if self.on is not None else next(iter(self.levels or {}))

    def _fragments(self) -> Iterator[tuple[str, Fragment]]:
        named = {"provider.reasoning_on": self.on, "provider.reasoning_off": self.off}
        named |= {f"provider.reasoning_levels.{name}": part for name, part in (self.levels or {}).items()}
        yield from ((key, part) for key, part in named.items() if part is not None)


def _is_thinking(fragment: Fragment) -> bool:
    """Whether a model thinks under it: `between_tools` only moves progress notes into thinking blocks."""
    return _kind(fragment) in ("adaptive", "enabled")


def _kind(fragment: Fragment) -> str | None:
    thinking: Mapping[str, Any] = fragment.get("thinking") or {}
    return thinking.get("type")


def _budget(fragment: Fragment) -> int:
    thinking: Mapping[str, Any] = fragment.get("thinking") or {}
    return int(thinking.get("budget_tokens") or 0)
