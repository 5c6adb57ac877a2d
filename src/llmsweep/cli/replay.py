"""The verb `replay`: strategies against recorded or simulated episodes, instead of models."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmsweep.cli.replay_runs import carry_out
from llmsweep.cli.replay_shown import show, write
from llmsweep.cli.replay_table import described, subject
from llmsweep.cli.replay_words import checked, parameters_of
from llmsweep.errors import UsageError, nearest
from llmsweep.paths import conf_dir

if TYPE_CHECKING:
    from llmsweep.sweep.contest import Contest
    from llmsweep.sweep.replay import Recording

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
  out=DIR                write replay.csv, curves.csv and replay.png there
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
BUDGETED = ("halving",)
"""Those that must be told beforehand how many episodes they have: they are run with several budgets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was asked for. ``parameters``: strategy -> its own."""

    table: str
    settings: dict[str, Any]
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def strategies(self) -> list[str]:
        named = [name.strip() for name in str(self.settings["strategy"]).split(",")]
        return list(dict.fromkeys(named))


def run(args: Sequence[str]) -> int:
    from llmsweep.sweep.simulate import FAMILIES

    known = _targets()
    if not args or "-h" in args or "--help" in args:
        print(HELP.format(families=", ".join(FAMILIES), strategies=", ".join(known)), end="")
        return 0
    words = _words(args, known)
    table = subject(words.table)
    contests = [_contest(name, known[name], words, table) for name in words.strategies]
    s = words.settings
    results = {contest.name: carry_out(contest, s["runs"], s["processes"]) for contest in contests}
    show(
        f"{words.table}, {s['runs']} runs each; right: within {100 * s['delta']:g} points, not dearer",
        described(table),
        results,
    )
    if s["out"]:
        write(Path(s["out"]), words.table, results)
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
    return found | {name: (f"{make.__module__}.{make.__name__}", {}) for name, make in RIVALS.items()}


def _words(args: Sequence[str], known: Mapping[str, tuple[str, dict[str, Any]]]) -> Words:
    """Raises UsageError for words that mean nothing."""
    table, settings = "", dict(DEFAULTS)
    parameters: dict[str, dict[str, Any]] = {}
    for word in args:
        key, equals, text = word.partition("=")
        strategy, dot, parameter = key.partition(".")
        if not equals:
            raise UsageError(f"{word!r}: replay takes key=value, such as table=results/micro.")
        if key == "table":
            table = text
        elif dot and strategy in known:
            parameters.setdefault(strategy, {})[parameter] = checked(key, _plain(text), *known[strategy])
        elif dot:
            raise UsageError(f"{key}: there is no strategy {strategy!r}; {nearest(strategy, known)}")
        elif key not in DEFAULTS:
            raise UsageError(f"{key}: there is no such key; {nearest(key, ['table', *DEFAULTS])}")
        else:
            settings[key] = text if isinstance(DEFAULTS[key], str) else _typed(key, _plain(text))
    if not table:
        raise UsageError("table is missing: a results folder, a CSV file, or simulated:additive.")
    words = Words(table=table, settings=settings, parameters=parameters)
    _refuse_strangers(words, known)
    return words


def _refuse_strangers(words: Words, known: Mapping[str, object]) -> None:
    """Strategies that nobody has, and parameters of those that are not run."""
    for name in words.strategies:
        if name not in known:
            raise UsageError(f"strategy={name}: there is no such strategy; {nearest(name, known)}")
    for name, given in words.parameters.items():
        if name not in words.strategies:
            asked = words.settings["strategy"]
            raise UsageError(f"{name}.{next(iter(given))}: {name} is not run; add it to strategy={asked}.")


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


def _contest(name: str, known: tuple[str, dict[str, Any]], words: Words, table: Recording | str) -> Contest:
    from llmsweep.sweep.contest import BUDGETS, Contest
    from llmsweep.sweep.replay import Terms

    target, parameters = known
    s, own = words.settings, words.parameters.get(name, {})
    if name in BUDGETED and "budget" not in own and s["episodes"] < BUDGETS[0]:
        raise UsageError(
            f"episodes={s['episodes']}: {name} is run with budgets from {BUDGETS[0]} on; set episodes={BUDGETS[0]} or"
            f" more, or {name}.budget={s['episodes']}."
        )
    if not isinstance(table, str) and not s["replacement"] and "most" in parameters_of(target):
        # Otherwise it would ask for attempts that the recording does not have, while others are left.
        parameters = {**parameters, "most": table.most}
    return Contest(
        name=name,
        target=target,
        parameters={**parameters, **own},
        budgeted=name in BUDGETED,
        table=table,
        tasks=s["tasks"],
        replacement=s["replacement"],
        terms=Terms(
            delta=s["delta"],
            confidence=s["confidence"],
            alike=0.0 if isinstance(table, str) else ALIKE,
            most=s["episodes"],
            seed=s["seed"],
        ),
    )
