"""A check of two recorded sides, and what every check is made of: the pairs, the notes, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from llmsweep.analysis.checks.pairs import Pair, Plan, Side, plan, whole
from llmsweep.analysis.checks.provenance import Made, notes, untimed
from llmsweep.analysis.checks.report import Report
from llmsweep.analysis.checks.verdict import Kind, Measure, Verdict, judge
from llmsweep.cli.check_sides import measures_of, open_side, price_id
from llmsweep.cli.check_words import Asked
from llmsweep.errors import UsageError
from llmsweep.sweep.space import AXES, level
from llmsweep.types import Cell, Episode

MORE = (
    "every recorded pass is used: record more of the baseline (its settings with space=none strategy=grid repeats=N"
    " repeats_greedy=N results={folder}, which goes on where it ended), then run the same command again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """One check's baseline, its folder, what of it can be paired, and how the candidate's episodes are measured."""

    asked: Asked
    baseline: Side
    folder: Path
    planned: Plan
    made: Made
    measures: Mapping[Kind, tuple[Measure, Measure]]

    def judge(self, ours: Mapping[tuple[str, int], Episode], passes: int | None = None) -> Verdict:
        """From the first ``passes`` complete ones, or all."""
        block = len(self.planned.tasks)
        pairs = self.pairs(ours)[: None if passes is None else passes * block]
        return judge(pairs, block, self.asked.terms, self.measures, self._untested())

    def pairs(self, ours: Mapping[tuple[str, int], Episode]) -> list[Pair]:
        return whole(self.planned, self.baseline, ours)

    def _untested(self) -> dict[Kind, str]:
        why = untimed(self.baseline, self.made)
        return {"ttft": why} if why and "ttft" in self.asked.terms.ceilings else {}

    def report(
        self, ours: Mapping[tuple[str, int], Episode], named: tuple[str, Cell], faults: int, owed: str = ""
    ) -> Report:
        """``named``: the candidate in words, and its cell."""
        verdict, block = self.judge(ours), len(self.planned.tasks)
        used = verdict.rate.pairs // max(1, block)
        if verdict.answer == "undecided" and not owed and used == len(self.planned.passes):
            owed = MORE.format(folder=self.folder.parent)
        return Report(
            verdict=verdict,
            terms=self.asked.terms,
            baseline=self.baseline.name,
            candidate=named[0],
            differs=differs(self.baseline.cell, named[1]),
            suite=f"{self.baseline.about.suite} {self.baseline.about.suite_version}",
            tasks=block,
            passes=(used, len(self.planned.passes)),
            faults=(self.baseline.faults, faults),
            notes=list(notes(self.baseline, self.planned, self.made)),
            owed=owed,
        )


def recorded(asked: Asked) -> tuple[Report, Comparing, dict[tuple[str, int], Episode]]:
    """Of two results folders. Raises UsageError where they have nothing in common to compare."""
    baseline, folder = open_side(asked.baseline, "baseline", asked.sides["baseline"].get("cell"))
    path = Path(asked.candidate).expanduser()
    candidate, theirs = open_side(path, "candidate", asked.sides["candidate"].get("cell"))
    if folder.resolve() == theirs.resolve() and baseline.cell == candidate.cell:
        raise UsageError(
            f"candidate={asked.candidate}: it is the baseline itself; name another cell with candidate.cell=, or another"
            " folder."
        )
    planned = plan(
        baseline, candidate.about.tasks, lambda task, repeat: repeat in candidate.scored.get(task, {})
    )
    refuse_unlike(asked, planned)
    made = Made(
        model=candidate.cell.model,
        revision=candidate.cell.revision,
        seed=candidate.cell.sampling.seed,
        harness=frozenset(one.harness for each in candidate.scored.values() for one in each.values()),
        machines=frozenset(candidate.machines),
        streams=frozenset(candidate.streams),
    )
    ids = (
        ("baseline.price", _id(asked, "baseline", folder)),
        ("candidate.price", _id(asked, "candidate", theirs)),
    )
    refuse_tiered(asked, baseline, candidate.about.policy is not None)
    comparing = Comparing(
        asked=asked,
        baseline=baseline,
        folder=folder,
        planned=planned,
        made=made,
        measures=measures_of(list(asked.terms.ceilings), ids),
    )
    ours = {(task, r): one for task, each in candidate.scored.items() for r, one in each.items()}
    named = (candidate.name, candidate.cell)
    report = comparing.report(ours, named, candidate.faults, _fewer(baseline, candidate, comparing))
    return report, comparing, ours


def refuse_unlike(asked: Asked, planned: Plan) -> None:
    """Raises UsageError where no task is common to both, or one has changed and that was to be refused."""
    reasons = sorted({f"{task}: {why}" for task, why in planned.left_out.items()})
    if not planned.tasks:
        raise UsageError(
            f"candidate={asked.candidate}: it has no task in common with the baseline ({reasons[0] if reasons else 'no tasks'});"
            " run it on the baseline's suite."
        )
    if asked.changed == "refuse" and reasons:
        more = f" and {len(reasons) - 1} more" if len(reasons) > 1 else ""
        raise UsageError(
            f"changed=refuse: {reasons[0]}{more}; record the baseline again, or compare the rest with changed=skip."
        )


def refuse_tiered(asked: Asked, baseline: Side, tiered: bool) -> None:
    """Raises UsageError for the cost of episodes of two models, which one price cannot tell."""
    if "cost" in asked.terms.ceilings and (tiered or baseline.about.policy is not None):
        raise UsageError("cost: under policy=tiered two models are paid, by two prices; use tokens= instead.")


def differs(baseline: Cell, candidate: Cell) -> str:
    """The settings that are not the same, in words."""
    changed = [
        f"{axis} {_said(level(baseline, axis))} → {_said(level(candidate, axis))}"
        for axis in AXES
        if level(baseline, axis) != level(candidate, axis)
    ]
    if baseline.context != candidate.context:
        changed.append(f"context {_said(baseline.context)} → {_said(candidate.context)}")
    return ", ".join(changed) or "the same on both sides"


def _fewer(baseline: Side, candidate: Side, comparing: Comparing) -> str:
    """That the candidate was not run as often as the baseline, where more could be compared."""
    tasks = comparing.planned.tasks
    most = min((len(baseline.scored[task]) for task in tasks), default=0)
    if most <= len(comparing.planned.passes):
        return ""
    return (
        f"the baseline has {most} passes over these tasks, the candidate {len(comparing.planned.passes)} with the same seeds:"
        " more repeats of it would be compared too"
    )


def _id(asked: Asked, side: str, folder: Path) -> str | None:
    return asked.sides[side].get("price") or price_id(folder)


def _said(value: object) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
