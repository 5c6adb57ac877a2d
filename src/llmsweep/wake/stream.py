"""A stream of triggers as a fleet would get it: real ones that bring a task of a suite, noise in the share that is said."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from llmsweep.errors import UsageError, nearest
from llmsweep.types import Task
from llmsweep.wake.triggers import Labelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One trigger that comes in. ``task``: what a real one is about; of noise, what a main cycle that it wakes for nothing
    is measured by. ``asked``, ``attempt``: how often the stream had this trigger, and this task, before.
    """

    trigger: Labelled
    task: Task
    asked: int
    attempt: int

    @property
    def real(self) -> bool:
        return self.trigger.label == "wake"


def stream(
    triggers: Sequence[Labelled], tasks: Sequence[Task], signal: float, seed: int = 0
) -> tuple[Arrival, ...]:
    """Every task comes in once, with a real trigger, and noise among them so that real ones are the share ``signal``.

    Where real triggers name tasks of the suite (``task``), those come in, with the tasks that they name, and no others.
    Else triggers are given out in order of their digests, again from the first where they are too few. The order is
    random by ``seed``. Raises UsageError where there is nothing to give out.
    """
    if not 0 < signal <= 1:
        raise UsageError(f"wake.signal={signal:g}: it must be above 0 and at most 1, such as 0.2.")
    ordered = sorted(triggers, key=lambda trigger: trigger.digest)
    noise = [trigger for trigger in ordered if trigger.label == "skip"]
    pairs = _real([trigger for trigger in ordered if trigger.label == "wake"], tasks)
    if not noise and signal < 1:
        raise UsageError(
            f"wake.signal={signal:g}: the held-out triggers have no noise; only signal=1 can be streamed."
        )
    wanted = round(len(pairs) * (1 - signal) / signal)
    about = [task for _, task in pairs]
    pairs += zip(islice(cycle(noise), wanted), islice(cycle(about), wanted), strict=False)
    random.Random(seed).shuffle(pairs)
    asked: Counter[str] = Counter()
    attempts: Counter[str] = Counter()
    arrivals = []
    for trigger, task in pairs:
        arrivals.append(
            Arrival(trigger=trigger, task=task, asked=asked[trigger.id], attempt=attempts[task.id])
        )
        asked[trigger.id] += 1
        attempts[task.id] += 1
    return tuple(arrivals)


def _real(real: Sequence[Labelled], tasks: Sequence[Task]) -> list[tuple[Labelled, Task]]:
    if not real:
        raise UsageError("the held-out triggers have no real one, so nothing could be woken for.")
    known = {name: task for task in tasks for name in (task.id, task.id.rpartition("/")[2])}
    naming = [trigger for trigger in real if trigger.task is not None]
    for trigger in naming:
        if trigger.task not in known:
            raise UsageError(
                f"trigger {trigger.id}: task={trigger.task}: the suite has no such task; {nearest(str(trigger.task), known)}"
            )
    if naming:
        return [(trigger, known[str(trigger.task)]) for trigger in naming]
    return list(zip(islice(cycle(real), len(tasks)), tasks, strict=True))
