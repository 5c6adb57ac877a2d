"""Make the calls that the log lacks, in random order within each repeat, until all are made or the envelope is spent."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from llmsweep.calls import Call, CallLog
from llmsweep.errors import UnfitError
from llmsweep.execute import run_all
from llmsweep.sweep.envelope import Envelope, Spending
from llmsweep.sweep.run import FAULTS_IN_A_ROW, TRIES, Ended
from llmsweep.wake.ask import CallSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How calls are made: the function, where, how many at once, how to break them off, and what else is a bound."""

    run: Callable[[CallSpec], Call]
    executor: Executor
    slots: int
    abort: Callable[[], None]
    spent: Callable[[], str | None] = lambda: None


def owed(specs: Sequence[CallSpec], log: CallLog, seed: int = 0) -> list[CallSpec]:
    """Those that the log lacks: random within a repeat, so that drift of the machine falls on no cell alone."""
    left = [spec for spec in specs if spec.key not in log.done]
    random.Random(seed).shuffle(left)
    return sorted(left, key=lambda spec: spec.repeat)


def run_calls(
    specs: Sequence[CallSpec],
    log: CallLog,
    asking: Asking,
    envelope: Envelope,
    watch: Callable[[Call], None],
) -> Ended:
    """Run those that are owed, broken ones twice. ``envelope.episodes`` counts calls.

    Raises UnfitError after FAULTS_IN_A_ROW faults, and whatever breaks it off; every finished call is in the log then.
    """
    spending = Spending(envelope=envelope)

    def spent() -> str | None:
        return spending.spent() or asking.spent()

    faults = in_a_row = 0
    for attempt in range(TRIES):
        left = [spec for spec in specs if spec.key not in log.done]
        for call in run_all(
            _counted(left, spending),
            asking.run,
            asking.executor,
            slots=asking.slots,
            stop=lambda: spent() is not None,
            abort=asking.abort,
        ):
            log.append(call)
            watch(call)
            spending.tokens += _tokens(call)
            if attempt == 0:
                in_a_row = in_a_row + 1 if call.fault and not spent() else 0
            faults += call.fault is not None
            if in_a_row >= FAULTS_IN_A_ROW:
                raise UnfitError(
                    f"stopped after {in_a_row} faults in a row, the last: {call.fault}: {call.error}"
                )
        if spent():
            break
    still = sum(spec.key not in log.done for spec in specs)
    return _ended(spending, faults, still, spent() or (f"{still} calls end in faults" if still else "done"))


def _ended(spending: Spending, faults: int, owed: int, why: str) -> Ended:
    return Ended(
        ran=spending.episodes,
        faults=faults,
        owed=owed,
        tokens=spending.tokens,
        seconds=spending.seconds,
        why=why,
    )


def _counted(specs: Sequence[CallSpec], spending: Spending) -> Iterator[CallSpec]:
    for spec in specs:
        spending.episodes += 1
        yield spec


def _tokens(call: Call) -> int:
    usage = call.turn.usage if call.turn else None
    return 0 if usage is None else (usage.input_tokens or 0) + (usage.output_tokens or 0)
