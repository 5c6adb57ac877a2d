"""What a comparison rests on, and what is said before any figure: the same tasks, weights, prompts, seeds and machine, or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llmsweep.analysis.checks.pairs import Plan, Side
from llmsweep.analysis.wording import listed, plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Of what the candidate is made, before it ran or after. ``machines``, ``streams``: where, how many at once."""

    model: str
    revision: str
    seed: int | None
    harness: frozenset[str]
    machines: frozenset[str]
    streams: frozenset[int]


def untimed(baseline: Side, made: Made) -> str | None:
    """Why seconds and TTFT of the two say nothing about each other; None where they may be compared."""
    if baseline.machines != made.machines or len(made.machines) > 1:
        return "they were measured on different machines"
    if baseline.streams != made.streams or len(made.streams) > 1:
        return f"they ran with {_counts(baseline.streams)} and {_counts(made.streams)} episodes at once"
    return None


def notes(baseline: Side, planned: Plan, made: Made) -> Iterator[str]:
    """A sentence for everything that is not the same on both sides."""
    own = baseline.cell
    if own.model != made.model:
        yield f"another model: {own.model} is compared with {made.model}"
    elif own.revision != made.revision:
        yield f"another revision of {own.model}: {_short(own.revision)} is compared with {_short(made.revision)}"
    if not made.harness <= set(baseline.about.harness):
        yield "prompts, tools or protocol are not those of the baseline: what differs may be theirs"
    if own.sampling.seed != made.seed:
        yield f"other seeds ({own.sampling.seed} and {made.seed}): pairs share the task but not the dice"
    if why := untimed(baseline, made):
        yield f"seconds and TTFT are not compared: {why}"
    if baseline.why == "recommended" and len(baseline.about.cells) != 1:
        yield (
            "the baseline's cell was chosen by these same episodes, so that its rate is likelier too high than too low, and a"
            " candidate looks worse: record the baseline anew, alone (space=none), for a gate that stays"
        )
    if planned.left_out:
        reasons: dict[str, list[str]] = {}
        for task, why in planned.left_out.items():
            reasons.setdefault(why, []).append(task)
        for why, tasks in reasons.items():
            yield f"{plural(len(tasks), 'task')} left out, {why}: {listed(tasks)}"
    if planned.spare:
        yield (
            f"{plural(planned.spare, 'attempt')} of the baseline are not used: tasks have unequal numbers of them, and only"
            " complete passes count"
        )


def _counts(streams: set[int] | frozenset[int]) -> str:
    return " or ".join(map(str, sorted(streams))) or "no"


def _short(revision: str) -> str:
    kind, colon, rest = revision.rpartition(":")
    return f"{kind}{colon}{rest[:12]}"
