"""What is handed on: the recommended cell, and how its sweep spoke to the model, read off the provider's own configuration.

A setting that the cell leaves null is taken from what every request of the sweep held: that is what was measured, and
another server's default would be another cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from llmsweep.providers.dialect import KNOBS, Dialect
from llmsweep.providers.wording import merged
from llmsweep.types import Cell, Sampling

Wire = Literal["llama.cpp", "openai", "ollama", "anthropic"]
"""What the sweep's provider spoke, and to whom; llama.cpp: an embedded one, whose requests are the OpenAI dialect's."""
DEFAULT_CONTEXT = 8192
LOCAL_SERVER = "http://127.0.0.1:8080/v1"
"""Where llama-server listens unless it is told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """``model``: what the server calls it; ``base_url``: None where the sweep had a server of its own; ``key_env``: the
    name of the variable with the key; ``settings``: the provider's own, empty where nobody wrote them down (``known``);
    ``weights``: the file on this machine, None where it is not here, or is no file; ``fetched_by``: how it comes here.
    """

    wire: Wire
    model: str
    base_url: str | None = None
    key_env: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    known: bool = True
    weights: Path | None = None
    fetched_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What requests held beside temperature, top_p and the length of an answer.

    ``knobs``: top_k, min_p, repeat_penalty as they were in force, None: the server's default; ``fields``: what each is
    called on the wire; ``reasoning``: what switches it; ``extra``: that and all other fields.
    """

    knobs: Mapping[str, float | None]
    fields: Mapping[str, str]
    reasoning: Mapping[str, Any]
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """``cell``: the recommended one with the budgets that suffice; ``about``: sentences that stand above every export."""

    cell: Cell
    served: Served
    about: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The model's, in this project's words."""
        return self.cell.model

    @property
    def url(self) -> str:
        """Where an OpenAI-compatible server of the model listens, or is to listen."""
        return (self.served.base_url or LOCAL_SERVER).rstrip("/")

    @property
    def slots(self) -> int:
        return int(self.served.settings.get("slots") or 1)

    @property
    def sent(self) -> Sent:
        given, sampling = self.served.settings, self.cell.sampling
        if self.served.wire == "ollama":
            return _to_ollama(given, sampling, self.cell.context or DEFAULT_CONTEXT)
        if self.served.wire == "anthropic":
            return _to_anthropic(given, sampling)
        return _in_dialect(given, sampling, embedded=self.served.wire == "llama.cpp")

    def value(self, setting: str) -> Any:
        """What is to be said of a setting; None where there is nothing to say."""
        cell, sent = self.cell, self.sent
        sampling, budget = cell.sampling, cell.budget
        if setting in KNOBS:
            return sent.knobs[setting]
        if setting == "reasoning":
            return sampling.reasoning if sampling.reasoning or sent.reasoning else None
        if setting == "echo_reasoning":
            return sampling.echo_reasoning if sampling.reasoning else None
        if setting == "context":
            return None if self.served.wire == "anthropic" else cell.context
        for part in (sampling, budget, cell):
            if hasattr(part, setting):
                return getattr(part, setting)
        raise KeyError(setting)


def _in_dialect(given: Mapping[str, Any], sampling: Sampling, *, embedded: bool) -> Sent:
    from llmsweep.providers.llamacpp import NEUTRAL

    names = {knob: knob for knob in KNOBS} if embedded else given.get("sampling_fields") or {}
    fields = {knob: names.get(knob) or knob for knob in KNOBS}
    dialect = Dialect(
        on=given.get("reasoning_on"),
        off=given.get("reasoning_off"),
        levels=given.get("reasoning_levels"),
        echo=True,
        sampling_fields=fields,
    )
    base = given.get("extra_body") or {}
    if embedded:
        base = {**NEUTRAL, "cache_prompt": given.get("cache_prompt", True), **base}
    switch = dialect.fragment(sampling.reasoning) if given else {}
    body = {**merged(base, switch), **dialect.knobs(sampling)}
    knobs = {knob: body.pop(fields[knob], None) for knob in KNOBS}
    return Sent(knobs=knobs, fields=fields, reasoning=switch, extra=body)


def _to_ollama(given: Mapping[str, Any], sampling: Sampling, context: int) -> Sent:
    from llmsweep.providers.ollama_wording import options

    held = options(sampling, context, given.get("options") or {})
    knobs = {knob: held.pop(knob) for knob in KNOBS}
    for said in ("temperature", "top_p", "num_ctx", "num_predict", "seed"):
        held.pop(said, None)
    return Sent(
        knobs=knobs,
        fields={knob: knob for knob in KNOBS},
        reasoning={"think": sampling.reasoning},
        extra=held,
    )


def _to_anthropic(given: Mapping[str, Any], sampling: Sampling) -> Sent:
    from llmsweep.providers.anthropic_thinking import Thinking

    thinking = Thinking(
        on=given.get("reasoning_on"),
        off=given.get("reasoning_off"),
        levels=given.get("reasoning_levels"),
        version=given.get("api_version"),
    )
    switch = thinking.fragment(sampling.reasoning) if given else {}
    knobs = {knob: getattr(sampling, knob) for knob in KNOBS}
    return Sent(
        knobs=knobs,
        fields={"top_k": "top_k"},
        reasoning=switch,
        extra=merged(given.get("extra_body") or {}, switch),
    )
