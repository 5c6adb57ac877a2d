"""A check whose candidate runs: composed like a sweep of one cell, run by the sweep's own machinery, judged from its log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.analysis.checks.pairs import Side, plan
from llmsweep.analysis.checks.provenance import Made, notes
from llmsweep.analysis.stats import pairs_needed
from llmsweep.analysis.wording import plural
from llmsweep.cli.build import Sweep
from llmsweep.cli.check_candidate import names, words_of
from llmsweep.cli.check_read import Comparing, differs, refuse_tiered, refuse_unlike
from llmsweep.cli.check_sides import config_of, measures_of, open_side, price_id
from llmsweep.cli.check_words import Asked
from llmsweep.cli.progress import be_quiet, label, say
from llmsweep.cli.sweep import each_model
from llmsweep.errors import UsageError
from llmsweep.store import read_episodes
from llmsweep.sweep.check import Check
from llmsweep.types import Episode, EpisodeSpec

if TYPE_CHECKING:
    from omegaconf import DictConfig


def run_candidate(asked: Asked) -> int:
    """The exit code of the answer."""
    baseline, folder = open_side(asked.baseline, "baseline", asked.sides["baseline"].get("cell"))
    if (about := baseline.about).policy is not None and "model=" not in asked.candidate:
        raise UsageError(
            f"baseline={asked.baseline}: another model took some of its tasks over (policy=tiered), so that its cell alone does"
            ' not say what ran; say all of the candidate: candidate="model=NAME policy=tiered ...".'
        )
    words = words_of(asked.candidate, about.model, baseline.cell)
    return each_model(words, lambda cfg: _checked(cfg, asked, (baseline, folder), words))


def _checked(cfg: DictConfig, asked: Asked, recorded: tuple[Side, Path], words: list[str]) -> int:
    from llmsweep.cli.check_shown import tell
    from llmsweep.cli.session import keep_running

    comparing, sweep = _composed(cfg, asked, recorded, words)
    be_quiet(sweep.quiet)
    for note in (*sweep.notes, *notes(comparing.baseline, comparing.planned, comparing.made)):
        say(f"note: {note}")
    say(f"settings: {differs(comparing.baseline.cell, sweep.baseline)}")
    for note in _reach(comparing):
        say(f"note: {note}")
    run = Run(comparing=comparing, sweep=sweep)
    strategy = Check(
        design=sweep.design,
        passes=comparing.planned.passes,
        answered=lambda done: comparing.judge(run.done()[0], done).answer != "undecided",
    )
    keep_running(replace(sweep, strategy=strategy, make=lambda design: replace(strategy, design=design)), cfg)
    episodes, faults = run.done()
    cell = label(sweep.baseline, comparing.baseline.cell)
    named = f"{sweep.model.name} ({'the same cell' if cell == 'baseline' else cell}) in {sweep.folder}"
    owed = _left(comparing, episodes)
    return tell(comparing.report(episodes, (named, sweep.baseline), faults, owed), asked.out or asked.results)


def _composed(
    cfg: DictConfig, asked: Asked, recorded: tuple[Side, Path], words: list[str]
) -> tuple[Comparing, Sweep]:
    """The candidate on the tasks of the baseline that are still the same. Raises UsageError where there is none."""
    from llmsweep.cli.build import build

    baseline, folder = recorded
    _as_the_baseline(cfg, baseline, folder, words)
    cfg.results = str(asked.results)
    sweep = build(cfg)
    if sweep.folder.resolve() == folder.resolve():
        raise UsageError(f"results={asked.results}: the baseline is recorded there; name another folder.")
    digests = {task.id: task.digest for task in sweep.suite.tasks}
    planned = plan(baseline, digests, lambda task, repeat: True)
    refuse_unlike(asked, planned)
    refuse_tiered(asked, baseline, sweep.frontier is not None)
    suite = replace(
        sweep.suite, tasks=tuple(task for task in sweep.suite.tasks if task.id in set(planned.tasks))
    )
    sweep = replace(sweep, suite=suite, design=replace(sweep.design, tasks=suite.tasks))
    sides = asked.sides
    ids = (
        ("baseline.price", sides["baseline"].get("price") or price_id(folder)),
        ("candidate.price", sides["candidate"].get("price") or sweep.model.price),
    )
    comparing = Comparing(
        asked=asked,
        baseline=baseline,
        folder=folder,
        planned=planned,
        made=_made(sweep),
        measures=measures_of(list(asked.terms.ceilings), ids),
    )
    return comparing, sweep


def _as_the_baseline(cfg: DictConfig, baseline: Side, folder: Path, words: list[str]) -> None:
    """Suite and seed as the baseline has them, where the candidate says nothing else; no smoke, since a pass is one."""
    from omegaconf import OmegaConf

    cfg.smoke = 0
    if not names(words, "seed") and baseline.cell.sampling.seed is not None:
        cfg.seed = baseline.cell.sampling.seed
    if names(words, "suite"):
        return
    saved = config_of(folder).get("suite")
    if saved is None:
        saved = {"name": baseline.about.suite}
    cfg.suite = OmegaConf.merge(cfg.suite, {key: value for key, value in saved.items() if key in cfg.suite})


def _made(sweep: Sweep) -> Made:
    from llmsweep import environment

    return Made(
        model=sweep.baseline.model,
        revision=sweep.baseline.revision,
        seed=sweep.baseline.sampling.seed,
        harness=frozenset({sweep.design.harness(sweep.baseline)}),
        machines=frozenset({environment.machine().id}),
        streams=frozenset({sweep.slots}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The candidate's side while it grows, read off its log."""

    comparing: Comparing
    sweep: Sweep

    def done(self) -> tuple[Mapping[tuple[str, int], Episode], int]:
        """The scored episodes of the check, by task and repeat, and how many attempts at them broke."""
        if not (self.sweep.folder / "episodes.jsonl").is_file():
            return {}, 0
        wanted = {spec.key for spec in self._specs()}
        found: dict[tuple[str, int], Episode] = {}
        faults = 0
        for one in read_episodes(self.sweep.folder):
            if one.key in wanted and one.passed is None:
                faults += 1
            elif one.key in wanted:
                found[one.task_id, one.repeat] = one
        return found, faults

    def _specs(self) -> list[EpisodeSpec]:
        design = self.sweep.design
        tasks = {task.id: task for task in design.tasks}
        return [
            design.spec(tasks[task], design.baseline, repeat)
            for planned in self.comparing.planned.passes
            for task, repeat in planned
        ]


def _reach(comparing: Comparing) -> list[str]:
    """Whether so few pairs can show anything, before one is paid for."""
    terms, planned = comparing.asked.terms, comparing.planned
    least = pairs_needed(terms.margin, 0.0, terms.alpha)
    shown = f"{plural(planned.pairs, 'pair')} at most ({len(planned.passes)} x {plural(len(planned.tasks), 'task')})"
    if least is None or planned.pairs < least:
        return [
            f"{shown}: too few to pass at margin={terms.margin:g}, for which {least} are needed even if no outcome differs; it can"
            " only be found regressed. Record more repeats of the baseline, or allow a larger margin"
        ]
    usual = pairs_needed(terms.margin, 0.2, terms.alpha)
    return [
        f"{shown}; to pass, a candidate as good as the baseline needs about {least} where no outcome differs, about {usual}"
        " where one in five does"
    ]


def _left(comparing: Comparing, episodes: Mapping[tuple[str, int], Episode]) -> str:
    """Why it ended before the answer and before the last recorded pass; empty where it did not."""
    verdict = comparing.judge(episodes)
    used = verdict.rate.pairs // max(1, len(comparing.planned.tasks))
    if verdict.answer != "undecided" or used == len(comparing.planned.passes):
        return ""
    return (
        "it ended before the answer was known (the envelope is spent, or a task ends in faults): run the same command again to"
        " go on"
    )
