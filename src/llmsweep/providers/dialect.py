"""What servers of one dialect name differently; what a server has no words for is refused, never left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llmsweep.errors import UsageError, nearest
from llmsweep.types import Sampling

Fragment = Mapping[str, Any]
"""Fields that a request must hold to have a setting."""
FIELDS = {
    "echo_field": ("reasoning_content", "reasoning"),
    "length_field": ("max_tokens", "max_completion_tokens"),
}
KNOBS = ("top_k", "min_p", "repeat_penalty")
"""Settings that OpenAI's own API has no fields for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """``on`` and ``off``: None where the model has no such switch. Without ``on`` it is a model that never
    reasons, with ``on`` but without ``off`` one that always does. ``levels``: by name. ``echo``: the
    server's template renders the reasoning of earlier turns, which it takes in ``echo_field`` of a message.
    ``length_field``: where it takes max_tokens. ``sampling_fields``: of `KNOBS`, those that it takes, and in which
    field of a request. Raises UsageError for a field that nobody knows.
    """

    on: Fragment | None = None
    off: Fragment | None = None
    levels: Mapping[str, Fragment] | None = None
    echo: bool = False
    echo_field: str = "reasoning_content"
    length_field: str = "max_tokens"
    sampling_fields: Mapping[str, str | None] | None = None

    def __post_init__(self) -> None:
        for key, known in FIELDS.items():
            if (given := getattr(self, key)) not in known:
                raise UsageError(f"provider.{key}={given}: no server takes that; {nearest(given, known)}")
        for knob in self.sampling_fields or {}:
            if knob not in KNOBS:
                raise UsageError(
                    f"provider.sampling_fields.{knob}: there is no such setting; {nearest(knob, KNOBS)}"
                )

    def check(self, sampling: Sampling) -> None:
        """Raises UsageError for a setting that no request could carry."""
        self.fragment(sampling.reasoning)
        self.knobs(sampling)
        if sampling.echo_reasoning and not self.echo:
            raise UsageError(
                "echo_reasoning=true: nothing says that this model's template renders earlier reasoning;"
                " set provider.echo=true if it does."
            )

    def knobs(self, sampling: Sampling) -> Fragment:
        """What a request must hold for those of `KNOBS` that are set. Raises UsageError for one that has no field."""
        fields, held = self.sampling_fields or {}, {}
        for knob in KNOBS:
            if (value := getattr(sampling, knob)) is None:
                continue
            if (field := fields.get(knob)) is None:
                raise UsageError(
                    f"{knob}={value:g}: this server is not known to take it, so it must be null; if it does, say in"
                    f" which field: provider.sampling_fields.{knob}={knob}."
                )
            held[field] = value
        return held

    def fragment(self, reasoning: bool | str) -> Fragment:
        """What a request must hold. Raises UsageError naming the setting that has no words."""
        if isinstance(reasoning, str):
            levels = self.levels or {}
            if reasoning not in levels:
                raise UsageError(
                    f"reasoning={reasoning}: provider.reasoning_levels has no such level;"
                    f" {nearest(reasoning, levels)}"
                )
            return levels[reasoning]
        if reasoning:
            if self.on is None:
                raise UsageError(
                    "reasoning=true: provider.reasoning_on does not say how this model's reasoning is switched"
                    " on; for many it is {chat_template_kwargs: {enable_thinking: true}}."
                )
            return self.on
        if self.off is None and (self.on is not None or self.levels):
            raise UsageError(
                "reasoning=false: provider.reasoning_off does not say how this model's reasoning is switched"
                " off; for many it is {chat_template_kwargs: {enable_thinking: false}}."
            )
        return self.off or {}

    @property
    def mildest(self) -> bool | str:
        """The setting of a call whose answer does not matter."""
        if self.off is not None or (self.on is None and not self.levels):
            return False
        return True if self.on is not None else next(iter(self.levels or {}))
