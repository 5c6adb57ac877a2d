"""A call is a function of its spec: ask once, keep the verdict and its score; a fault leaves it unscored."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from llmsweep.calls import Call, Verdict, call_key
from llmsweep.errors import FaultError, HarnessError, ProviderError, boundary
from llmsweep.identity import cell_digest
from llmsweep.providers.base import Provider
from llmsweep.providers.deciding import Decision, form_of
from llmsweep.providers.retry import decide
from llmsweep.types import Cell, Turn, turn_seed, with_seed
from llmsweep.wake.prompting import QUESTION, harness_digest, messages
from llmsweep.wake.triggers import Labelled

PROTOCOL = "verdict"
"""What a filter's cells have in place of an agent's protocol."""
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSpec:
    """One call to make. ``harness``: of its prompt and form, see `harness_digest`."""

    trigger: Labelled
    cell: Cell
    repeat: int
    harness: str

    @property
    def key(self) -> str:
        return call_key(self.trigger.digest, cell_digest(self.cell), self.harness, self.repeat)


def specs_of(
    triggers: tuple[Labelled, ...], cells: tuple[Cell, ...], repeats: int, provider: Provider
) -> list[CallSpec]:
    """Every call: all first repeats before all second ones, so that a run cut short is still balanced."""
    form = form_of(provider)
    harness = {cell: harness_digest(cell.prompt, form) for cell in cells}
    return [
        CallSpec(trigger=trigger, cell=cell, repeat=repeat, harness=harness[cell])
        for repeat in range(repeats)
        for cell in cells
        for trigger in triggers
    ]


def ask(spec: CallSpec, provider: Provider) -> Call:
    """One decision. Raises ProviderError only when it is fatal: no call could succeed."""
    started_at, began = datetime.now(UTC).isoformat(timespec="milliseconds"), time.monotonic()
    seed = turn_seed(spec.cell.sampling.seed, spec.trigger.digest, spec.repeat, 0)
    found: Decision | None = None
    fault: FaultError | None = None
    try:
        with boundary(HarnessError, f"call about {spec.trigger.id}"):
            sampling = with_seed(spec.cell.sampling, seed)
            found = decide(provider, messages(spec.trigger, spec.cell.prompt), QUESTION, sampling)
    except FaultError as e:
        if isinstance(e, ProviderError) and e.fatal:
            raise
        fault = e
    verdict = None if found is None else cast(Verdict, found.word or "neither")
    return Call(
        key=spec.key,
        trigger_id=spec.trigger.id,
        trigger_digest=spec.trigger.digest,
        cell=spec.cell,
        cell_id=spec.cell.id,
        harness=spec.harness,
        repeat=spec.repeat,
        form=form_of(provider),
        verdict=verdict,
        score=found.likely["wake"] if found and found.likely else None,
        answer=_shown(found) if found and verdict == "neither" else None,
        fault=fault.fault if fault else None,
        error=str(fault) if fault else None,
        turn=_turn(found) if found else None,
        duration_s=time.monotonic() - began,
        provider=provider.name,
        started_at=started_at,
    )


def _shown(found: Decision) -> str:
    message = found.completion.message
    said = message.content or " ".join(f"{call.name} {call.arguments}" for call in message.tool_calls)
    return f"{said[:_SHOWN]} [{found.completion.stop_reason}]"


def _turn(found: Decision) -> Turn:
    one = found.completion
    return Turn(
        usage=one.usage,
        ttft_s=one.ttft_s,
        ttfo_s=one.ttfo_s,
        load_s=one.load_s,
        prefill_s=one.prefill_s,
        decode_s=one.decode_s,
        duration_s=one.duration_s,
        stop_reason=one.stop_reason,
        cold=one.cold,
        retries=one.retries,
    )
