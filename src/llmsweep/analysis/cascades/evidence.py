"""What a study of cascades says in words, and where tasks or repeats are too few for it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from llmsweep.analysis.cascades.claims import possible
from llmsweep.analysis.cascades.study import Line, Study
from llmsweep.analysis.costs.verdict import dollars
from llmsweep.analysis.stats import COMPARABLE, tasks_needed
from llmsweep.analysis.wording import amount, percent, percent_range, plural, points, rounded_up

FEW_TASKS = 20
"""Below so many common tasks every figure is about them rather than about tasks like them."""
FEW_DISCORDANT = 5.0
"""Below so many tasks' worth of outcomes that differ, whether a cascade gains rests on a handful."""
TELL = 0.05
"""The difference that more tasks should tell."""


def money(value: float, unit: str) -> str:
    """A cost in words: dollars, or a count of tokens or seconds."""
    if not math.isfinite(value):
        return "n/a"
    return dollars(value) if unit == "dollars" else f"{amount(value)} {unit}"


def sentences(found: Study, unit: str = "dollars") -> list[str]:
    """The joint table, each cascade against the frontier alone, a*, and the cheapest plan with people."""
    return [*_joint(found), *(_verdict(line, found, unit) for line in found.cascades), *_people(found, unit)]


def doubts(found: Study) -> list[str]:
    """What these figures cannot carry, the worst first."""
    return [
        *_few(found),
        *([found.refused] if found.refused else []),
        *_modelled(found),
        *_undecided(found),
        *_assumed(found),
        "the frontier model was measured from a fresh start: what it makes of a conversation that is handed over,"
        " policy=tiered measures",
    ]


def _joint(found: Study) -> Iterator[str]:
    joint, p, q = found.joint, found.pair.local.rates.mean(), found.pair.frontier.rates.mean()
    alike = "" if math.isnan(joint.phi) else f" (correlation {joint.phi:.2f}; 0 would be independence)"
    yield (
        f"of pairs of attempts at one task both models solve {percent(joint.both)}, the local one alone"
        f" {percent(joint.local)}, the frontier alone {percent(joint.frontier)}, neither {percent(joint.neither)}{alike}"
    )
    bounds = possible(float(p), float(q))
    yield (
        f"the two rates alone ({percent(float(p))} and {percent(float(q))}) would leave"
        f" {percent_range(bounds.low, bounds.high)} open for one local try and an oracle;"
        f" measured together it is {percent(joint.both + joint.local + joint.frontier)}"
    )


def _verdict(line: Line, found: Study, unit: str) -> str:
    assert line.against is not None
    beside, name = line.against, f"cascade with {plural(line.plan.k, 'local tr').replace('trs', 'tries')}"
    name = name if line.plan.k > 1 else "cascade with 1 local try"
    if math.isnan(beside.solved.low):
        return f"{name}: fewer than {COMPARABLE} tasks, so that it cannot be compared with the frontier alone"
    word = _WORDS[beside.solves, beside.costs]
    difference = f"{points(beside.solved.value)} points solved ({points(beside.solved.low)} to {points(beside.solved.high)})"
    ratio = f"{beside.cost.value:.2f} times the cost ({beside.cost.low:.2f} to {beside.cost.high:.2f})"
    if math.isnan(beside.cost.value):
        ratio = "the frontier alone costs nothing to compare with"
    return f"{name}: {word}: {difference}, {ratio}; {_bearable(line.plan.k, found)}"


_WORDS = {
    ("more", "fewer"): "beats the frontier alone, it solves more and costs less",
    ("more", "unclear"): "beats the frontier alone, it solves more; the costs cannot be told apart",
    ("more", "more"): "solves more than the frontier alone and costs more",
    ("unclear", "fewer"): "costs less than the frontier alone; what it solves cannot be told apart",
    ("unclear", "unclear"): "cannot be told from the frontier alone",
    ("unclear", "more"): "costs more than the frontier alone, and it is not shown to solve more",
    ("fewer", "fewer"): "costs less than the frontier alone and solves less",
    ("fewer", "unclear"): "loses to the frontier alone, it solves less; the costs cannot be told apart",
    ("fewer", "more"): "loses to the frontier alone, it solves less and costs more",
}


def _bearable(k: int, found: Study) -> str:
    bearable, band = found.tolerable[k], found.asked.accept_wrong
    if math.isinf(bearable.value):
        return "no verifier is too leaky for it to solve as much"
    text = f"it solves as much while the verifier accepts up to {_share(bearable.value)} of wrong tries (a*"
    if not math.isnan(bearable.low):
        high = "any" if math.isinf(bearable.high) else _share(bearable.high)
        text += f"; 95 %: {_share(bearable.low)} to {high}"
    assumed = _share(band.low) if band.known else f"{100 * band.low:.0f}–{100 * band.high:.0f} %"
    how = "assumed" if band.measured is None else f"measured as {_share(band.measured)}"
    return (
        f"{text}), and {assumed} is {how}" if band.measured is None else f"{text}); it is {how} ({assumed})"
    )


def _share(value: float) -> str:
    return f"{100 * value:.1f} %" if 0 < value < 0.1 else percent(value)


def _people(found: Study, unit: str) -> Iterator[str]:
    """Which plan costs least until somebody has done the task, beside the frontier model alone."""
    if unit != "dollars":
        return
    handling, best = found.asked.handling, found.cheapest
    text = (
        f"with people ({dollars(handling.review)} to review what is accepted, {dollars(handling.fix)} to do what is not,"
        f" {dollars(handling.harm)} for a wrong one that was accepted) {best.plan.label} costs least,"
        f" {dollars(best.full.value)} a task"
    )
    beside = best if best.against is not None else min(found.lines[:-1], key=lambda line: line.full.value)
    assert beside.against is not None
    saved = beside.against.full
    if best.against is None:
        text += f"; next is {beside.plan.label}, {dollars(beside.full.value)}"
    else:
        text += f", and saves {dollars(saved.value)} against the frontier alone"
    if math.isnan(saved.low):
        yield f"{text}; on so few tasks that says nothing of others"
        return
    low, high = sorted((abs(saved.low), abs(saved.high)))
    apart = saved.low > 0 or saved.high < 0
    told = (
        f"a difference of {dollars(low)} to {dollars(high)} (95 %)"
        if apart
        else "which cannot be told from no difference"
    )
    yield f"{text}, {told}"


def _few(found: Study) -> Iterator[str]:
    tasks, joint = len(found.pair.tasks), found.joint
    if tasks < FEW_TASKS:
        yield f"too few tasks: {plural(tasks, 'task')} in common, and figures for tasks like these want {FEW_TASKS} or more"
    for share, who in (
        (joint.local, "the local model solves and the frontier does not"),
        (joint.frontier, "the frontier solves and the local model does not"),
    ):
        if share * tasks < FEW_DISCORDANT:
            worth = amount(share * tasks, 2)
            yield f"too few tasks that tell: those that {who} are worth {worth} of {tasks}, on which a* rests"


def _modelled(found: Study) -> Iterator[str]:
    most = max((line for line in found.lines), key=lambda line: (line.modelled, line.plan.k))
    if most.modelled > 0 and found.pair.beta is not None:
        counts = found.pair.local.attempts
        had = str(counts.min()) if counts.min() == counts.max() else f"{counts.min()} to {counts.max()}"
        yield (
            f"too few repeats: {percent(most.modelled)} of the tasks have fewer than {most.plan.k} local attempts"
            f" ({had}); what further tries give is modelled by a beta-binomial: intervals hold the doubt of its fit, not of"
            " its shape"
        )


def _undecided(found: Study) -> Iterator[str]:
    """How many tasks would tell the cascades that cannot be told from the frontier."""
    unclear = [line for line in found.cascades if line.against and line.against.solves == "unclear"]
    if not unclear:
        return
    frontier = found.frontier.plan.solved
    needed = [tasks_needed(line.plan.solved, frontier, TELL) for line in unclear]
    known = [count for count in needed if count is not None and count > len(found.pair.tasks)]
    if known:
        yield (
            f"to tell {points(TELL, sign=False)} points between a cascade and the frontier alone takes about"
            f" {rounded_up(max(known)):,} tasks like these"
        )


def _assumed(found: Study) -> Iterator[str]:
    asked = found.asked
    if asked.accept_wrong.measured is not None:
        yield (
            "the verifier is the tasks' visible check as it was in these sweeps; its errors are drawn anew in every try,"
            " while a real one may err on the same task each time"
        )
    elif not (asked.accept_right.known and asked.accept_wrong.known):
        yield (
            "the verifier's errors are assumed, not measured: figures are for the middle of the band, and the band's"
            " ends stand beside them; errors are drawn anew in every try, and a real verifier may err on the same task"
            " each time"
        )
