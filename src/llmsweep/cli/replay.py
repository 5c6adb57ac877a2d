"""The verb `replay`: strategies against recorded or simulated episodes, instead of models."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmsweep.cli.progress import say
from llmsweep.errors import UsageError, nearest
from llmsweep.paths import conf_dir

if TYPE_CHECKING:
    from llmsweep.analysis.contests import Run, Standing
    from llmsweep.sweep.contest import Contest
    from llmsweep.sweep.replay import Recording, Replay

HELP = """usage: llmsweep replay table=WHAT [strategy=race,grid,...] [key=value ...]

Run strategies against recorded or simulated episodes, and say how soon each chooses right.

  table=DIR|FILE         a results folder, or a CSV or Parquet file: task, passed, axes, and if known repeat, tokens, seconds
  table=simulated:FAMILY hidden truths with 24 cells: {families}
  strategy=A,B           of {strategies} (default race,grid)
  race.batch=16          a parameter of one of them
  runs=100               how often each is run, with other draws (and other truths)
  delta=0.05 confidence=0.95 seed=0
  episodes=5000          at most so many a run
  tasks=40               of simulated truths
  replacement=true       draw recorded attempts again and again; false: each once
  processes=N            at once; default: as many as there are processors
  out=DIR                write replay.csv, runs.csv and replay.png there
"""
DEFAULTS = {
    "strategy": "race,grid",
    "runs": 100,
    "delta": 0.05,
    "confidence": 0.95,
    "episodes": 5_000,
    "replacement": True,
    "seed": 0,
    "tasks": 40,
    "processes": os.cpu_count() or 1,
    "out": "",
}
ALIKE = 0.10
"""Recorded costs within this share are not dearer; simulated ones are exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was asked for. ``parameters``: strategy -> its own."""

    table: str
    settings: dict[str, Any]
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def strategies(self) -> list[str]:
        return [name.strip() for name in str(self.settings["strategy"]).split(",")]


def run(args: Sequence[str]) -> int:
    from llmsweep.sweep.simulate import FAMILIES

    known = _targets()
    if not args or "-h" in args or "--help" in args:
        print(HELP.format(families=", ".join(FAMILIES), strategies=", ".join(known)), end="")
        return 0
    words = _words(args, known)
    subject = _subject(words.table)
    contests = [_contest(name, known[name], words, subject) for name in words.strategies]
    results = {contest.name: _carry_out(contest, words) for contest in contests}
    _tell(words, results)
    return 0


def _targets() -> dict[str, tuple[str, dict[str, Any]]]:
    """Strategy -> the dotted name of its function, and its parameters: those of conf/strategy/, and rivals."""
    from omegaconf import OmegaConf

    from llmsweep.sweep.rivals import RIVALS

    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in sorted((conf_dir() / "strategy").glob("*.yaml")):
        given = OmegaConf.to_container(OmegaConf.load(path))
        assert isinstance(given, dict)
        target = str(given.pop("_target_"))
        given.pop("_partial_", None)
        given.pop("_convert_", None)
        found[path.stem] = (target, {str(key): value for key, value in given.items()})
    return found | {name: (f"llmsweep.sweep.rivals.{name}", {}) for name in RIVALS}


def _words(args: Sequence[str], known: Mapping[str, object]) -> Words:
    """Raises UsageError for words that mean nothing."""
    table, settings = "", dict(DEFAULTS)
    parameters: dict[str, dict[str, Any]] = {}
    for word in args:
        key, equals, text = word.partition("=")
        value = _plain(text)
        strategy, dot, parameter = key.partition(".")
        if not equals:
            raise UsageError(f"{word!r}: replay takes key=value, such as table=results/micro.")
        if key == "table":
            table = text
        elif dot and strategy in known:
            parameters.setdefault(strategy, {})[parameter] = value
        elif key not in DEFAULTS:
            raise UsageError(f"{key}: there is no such key; {nearest(key, ['table', *DEFAULTS])}")
        else:
            settings[key] = text if isinstance(DEFAULTS[key], str) else _typed(key, value)
    if not table:
        raise UsageError("table is missing: a results folder, a CSV file, or simulated:additive.")
    words = Words(table=table, settings=settings, parameters=parameters)
    for name in words.strategies:
        if name not in known:
            raise UsageError(f"strategy={name}: there is no such strategy; {nearest(name, list(known))}")
    return words


def _plain(text: str) -> Any:
    """A value as JSON has it: numbers, true, false, null, lists; all else is a word."""
    try:
        return json.loads(f"0{text}" if text.startswith(".") else text)
    except ValueError:
        return text


def _typed(key: str, value: Any) -> Any:
    """A value of the default's type and in its range."""
    kind = type(DEFAULTS[key])
    if kind is bool:
        if not isinstance(value, bool):
            raise UsageError(f"{key}={value}: it must be true or false.")
        return value
    share = key in ("delta", "confidence")
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (not share and not isinstance(value, int))
    ):
        raise UsageError(f"{key}={value}: it must be a {'number' if share else 'whole number'}.")
    if share and not 0 < value < 1:
        raise UsageError(f"{key}={value}: it must be a share between 0 and 1, such as {DEFAULTS[key]}.")
    if not share and value < (0 if key == "seed" else 1):
        raise UsageError(f"{key}={value}: it must be {0 if key == 'seed' else 1} or more.")
    return value


def _subject(table: str) -> Recording | str:
    """The family's name, or the recording."""
    from llmsweep.sweep.simulate import FAMILIES

    if table.startswith("simulated:"):
        family = table.removeprefix("simulated:")
        if family not in FAMILIES:
            raise UsageError(f"table={table}: there is no such family; {nearest(family, list(FAMILIES))}")
        return family
    return _recording(Path(table))


def _recording(path: Path) -> Recording:
    from llmsweep import manifest
    from llmsweep.analysis.recorded import from_episodes, from_table
    from llmsweep.store import find_logs, read_episodes
    from llmsweep.sweep.replay import Outcome, Recording
    from llmsweep.sweep.simulate import stand_in
    from llmsweep.sweep.space import AXES, canonical, with_level
    from llmsweep.types import Budget, Cell, Sampling

    if not path.exists():
        raise UsageError(f"table={path}: there is no such file or folder.")
    if path.is_dir():
        logs = find_logs(path)
        if len(logs) > 1:
            raise UsageError(f"table={path}: it holds several models; name one: {', '.join(map(str, logs))}.")
        rows = from_episodes(manifest.read(logs[0]).current(read_episodes(logs[0])))
    else:
        rows = from_table(path, AXES)
    start = Cell(
        model="recorded", revision="", sampling=Sampling(temperature=None), protocol="", budget=Budget()
    )
    cells: dict[Cell, int] = {}
    tasks: dict[str, int] = {}
    outcomes: dict[tuple[int, int], list[Outcome]] = {}
    for row in rows:
        cell = start
        for axis, value in row.levels.items():
            cell = with_level(cell, axis, value)
        place = tasks.setdefault(row.task, len(tasks)), cells.setdefault(canonical(cell), len(cells))
        outcomes.setdefault(place, []).append(Outcome(row.passed, row.tokens, row.seconds))
    return Recording(cells=list(cells), tasks=[stand_in(name) for name in tasks], outcomes=outcomes)


def _contest(name: str, known: tuple[str, dict[str, Any]], words: Words, subject: Recording | str) -> Contest:
    from llmsweep.sweep.contest import Contest
    from llmsweep.sweep.replay import Terms

    target, parameters = known
    s = words.settings
    return Contest(
        name=name,
        target=target,
        parameters={**parameters, **words.parameters.get(name, {})},
        budgeted=name == "halving",
        table=subject,
        tasks=s["tasks"],
        replacement=s["replacement"],
        terms=Terms(
            delta=s["delta"],
            confidence=s["confidence"],
            alike=0.0 if isinstance(subject, str) else ALIKE,
            most=s["episodes"],
            seed=s["seed"],
        ),
    )


def _carry_out(contest: Contest, words: Words) -> list[Run]:
    """All runs of one strategy, in processes of their own; progress on stderr."""
    import multiprocessing
    import time
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    from llmsweep.sweep.contest import carry_out

    # One thread of linear algebra a process: more would only wait for one another.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    runs, numbers, said = [], range(words.settings["runs"]), time.monotonic()
    pool = ProcessPoolExecutor(words.settings["processes"], mp_context=multiprocessing.get_context("spawn"))
    try:
        for replay in pool.map(partial(carry_out, contest), numbers):
            runs.append(_as_arrays(replay))
            if time.monotonic() - said > 10:
                said = time.monotonic()
                say(f"{contest.name}: {len(runs)}/{len(numbers)} runs")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return runs


def _as_arrays(replay: Replay) -> Run:
    from llmsweep.analysis.contests import Run

    if not replay.looks:
        raise UsageError(
            "table: a strategy could not run one episode of it; does it hold the cells of a grid?"
        )
    rows = [(look.episodes, look.cost, look.right, look.belief, look.regret) for look in replay.looks]
    return Run.of(rows, ended=replay.ended)


def _tell(words: Words, results: dict[str, list[Run]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from llmsweep.analysis.contests import contests_table, plot_contests, standing

    standings = [standing(name, runs) for name, runs in results.items()]
    shown = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in (
        "strategy",
        "to 90 %",
        "to 95 %",
        "tokens to 95 %",
        "right at the end",
        "own stop",
        "stated",
        "right there",
        "regret",
    ):
        shown.add_column(heading, justify="left" if heading == "strategy" else "right")
    for one in standings:
        shown.add_row(one.name, *_figures(one))
    s = words.settings
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=160)
    console.print(
        f"{words.table}: {s['runs']} runs each, right is within {100 * s['delta']:g} points and not dearer"
    )
    console.print(shown)
    console.print(
        "to: episodes until so many of the runs choose right (95 % by bootstrap); own stop: median episodes"
    )
    if s["out"]:
        folder = Path(s["out"])
        folder.mkdir(parents=True, exist_ok=True)
        contests_table(standings).to_csv(folder / "replay.csv", index=False)
        plot_contests(results, words.table).savefig(folder / "replay.png", dpi=150)
        say(f"written: {folder / 'replay.csv'}, {folder / 'replay.png'}")


def _figures(one: Standing) -> list[str]:
    from llmsweep.analysis.contests import Reached

    def said(figure: Reached) -> str:
        if figure.at is None:
            return "-"
        high = "-" if figure.high is None else f"{figure.high:,.0f}"
        return f"{figure.at:,.0f} ({figure.low:,.0f} to {high})"

    stopped = one.stopped > 0
    return [
        said(one.episodes[0]),
        said(one.episodes[1]),
        "-" if one.cost[1].at is None else f"{one.cost[1].at:,.0f}",
        f"{100 * one.finally_right:.0f} %",
        f"{one.stop:,.0f} ({one.stopped} runs)" if stopped else "-",
        f"{100 * one.stated:.1f} %" if stopped else "-",
        f"{100 * one.achieved:.1f} % ({100 * one.within.low:.0f}–{100 * one.within.high:.0f})"
        if stopped
        else "-",
        f"{100 * one.regret:.1f} points",
    ]
