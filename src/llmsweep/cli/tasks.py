"""The verb `tasks`: which suites there are, what they measure, the proof that they are sound; new ones, and export."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from llmsweep.cli.suites import lacks, named_suite
from llmsweep.cli.words import ours
from llmsweep.errors import UnfitError, UsageError, nearest
from llmsweep.paths import conf_dir
from llmsweep.sandbox.base import SandboxFactory
from llmsweep.suite import Suite, load_suite, shipped
from llmsweep.types import Task

_SUITE = "a suite's name, a folder of task folders, harbor:PATH, exercism:PATH or humaneval"


def run(args: Sequence[str]) -> int:
    settings = [word for word in args if word.startswith(("sandbox=", "sandbox.")) and args[0] == "validate"]
    chosen = _parser().parse_args([word for word in args if word not in settings])
    if chosen.verb == "new":
        return _new(Path(chosen.task), chosen.language)
    suites = [named_suite(chosen.suite)] if chosen.suite else [load_suite(p) for p in shipped().values()]
    if chosen.verb == "validate":
        sandbox, network = _sandbox([f"sandbox={chosen.sandbox}", *settings])
        return max(_validate(suite, sandbox, network) for suite in suites)
    if chosen.verb == "show":
        return _show(suites[0])
    if chosen.verb == "export":
        return _export(suites[0], Path(chosen.dir))
    return _list_tasks(suites[0]) if chosen.suite else _list_suites(suites)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="llmsweep tasks", description="Suites of tasks.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="the suites that come along, or one suite's tasks")
    show = verbs.add_parser("show", help="a suite's card: what it measures and what it does not")
    validate = verbs.add_parser(
        "validate",
        help="each task's own solution must pass its hidden tests; the untouched workspace and every cheat must fail",
    )
    new = verbs.add_parser("new", help="a new task to begin with, sound as it stands")
    new.add_argument("task", metavar="SUITE/TASK", help="the folder to make; its parent is the suite")
    new.add_argument(
        "--language", default="python", help="python, shell, javascript or c (default: %(default)s)"
    )
    export = verbs.add_parser("export", help="write a suite as Harbor's task folders")
    for verb in (listing, validate):
        verb.add_argument("suite", nargs="?", help=f"{_SUITE}; all that come along when missing")
    for verb in (show, export):
        verb.add_argument("suite", help=_SUITE)
    export.add_argument("dir", help="the folder to write; it must be new or empty")
    validate.add_argument(
        "--sandbox",
        default="bubblewrap",
        help="where solutions run (default: %(default)s); sandbox=NAME and sandbox.KEY=VALUE are taken too",
    )
    return parser


def _list_suites(suites: Sequence[Suite]) -> int:
    rows = [
        (s.name, s.card.version, str(len(s.tasks)), _by_tier(s), s.card.description or "(no card)")
        for s in suites
    ]
    _table(("suite", "version", "tasks", "by tier", "what it is"), rows)
    print("Others: humaneval, harbor:PATH, exercism:PATH. One suite's card: llmsweep tasks show SUITE")
    return 0


def _by_tier(suite: Suite) -> str:
    counts = Counter(task.tier for task in suite.tasks)
    return " + ".join(str(counts[tier]) for tier in sorted(counts))


def _list_tasks(suite: Suite) -> int:
    rows = [(task.id, str(task.tier), _asked(task.prompt)) for task in suite.tasks]
    _table(("task", "tier", "what it asks"), rows)
    return 0


def _asked(prompt: str) -> str:
    """The first line of an instruction that is no heading."""
    lines = [line.strip() for line in prompt.splitlines()]
    return next((line for line in lines if line and not line.startswith("#")), "")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=heading == headings[0])
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


def _show(suite: Suite) -> int:
    """The card."""
    from rich.console import Console
    from rich.text import Text

    card, console = suite.card, Console(highlight=False)
    counts = Counter(task.tier for task in suite.tasks)
    tools = sorted({tool for task in suite.tasks for tool in task.tools})
    lines: list[tuple[str, Any]] = [
        (f"{suite.name} {card.version}: {len(suite.tasks)} tasks, digest {suite.digest[:12]}", "bold"),
        (card.description, ""),
        *((f"tier {tier}: {counts[tier]} tasks{_what(card.tiers.get(tier))}", "") for tier in sorted(counts)),
        *((f"measures: {text}", "") for text in card.measures),
        *((f"does not measure: {text}", "") for text in card.does_not_measure),
    ]
    if card.seconds is not None:
        lines.append((f"expected: about {card.seconds:g} s a task", ""))
    if tools:
        lines.append((f"needs beside python3 and bash: {', '.join(tools)}", ""))
    if contained := sum(task.container is not None for task in suite.tasks):
        lines.append((f"{contained} tasks need a container (sandbox=docker)", ""))
    for text, style in lines:
        if text:
            console.print(Text(text, style=style))
    return 0


def _what(text: str | None) -> str:
    return f", {text}" if text else ""


def _validate(suite: Suite, factory: SandboxFactory, network: bool) -> int:
    from llmsweep.agent.validate import validate

    factory.check()
    passed_over = {task.id: why for task in suite.tasks if (why := lacks(task, factory.name, network))}
    tasks = [task for task in suite.tasks if task.id not in passed_over]
    if not tasks:
        first, why = next(iter(passed_over.items()))
        raise UnfitError(f"suite {suite.name}: none of its tasks can be checked here, such as {first}: {why}")
    bad = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool, _progress(suite.name, len(tasks)) as step:

        def one(task: Task) -> list[str]:
            problems = validate(task, factory)
            step()
            return problems

        found = list(pool.map(one, tasks))
    for task, problems in zip(tasks, found, strict=True):
        bad += bool(problems)
        for problem in problems:
            print(f"{task.id}: {problem}")
    for name, why in passed_over.items():
        print(f"{name}: not checked: {why}")
    print(f"{suite.name}: {len(tasks) - bad} of {len(suite.tasks)} tasks are sound")
    return 1 if bad else 0


class _progress:
    """A bar on a terminal's standard error; nothing elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(
            console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty()
        )
        self._task = self._bar.add_task(what, total=total)

    def __enter__(self) -> Any:
        self._bar.start()
        return lambda: self._bar.advance(self._task)

    def __exit__(self, *error: object) -> None:
        self._bar.stop()


def _new(folder: Path, language: str) -> int:
    from llmsweep.authoring.scaffold import new_task

    new_task(folder, language)
    print(f"{folder}: a sound task to change; prove it with: llmsweep tasks validate {folder.parent}")
    return 0


def _export(suite: Suite, target: Path) -> int:
    """The task folders as they are; those of one suite keep their card."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is there and not an empty folder; name a new one.")
    for task in suite.tasks:
        folder = task.environment.parent
        shutil.copytree(
            folder, target / folder.name, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True
        )
    for name in ("suite.toml", "README.md"):
        card = shipped().get(suite.name, suite.tasks[0].environment.parent.parent) / name
        if card.is_file():
            shutil.copyfile(card, target / name)
    print(f"{len(suite.tasks)} task folders in {target}")
    return 0


def _sandbox(words: Sequence[str]) -> tuple[SandboxFactory, bool]:
    """The sandbox of the last sandbox=NAME with the settings sandbox.KEY=VALUE, and whether it gives a network."""
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    name = [word.removeprefix("sandbox=") for word in words if word.startswith("sandbox=")][-1]
    folder = conf_dir() / "sandbox"
    known = [path.stem for path in folder.glob("*.yaml")]
    if name not in known:
        said = f"sandbox={name}" if f"sandbox={name}" in words[1:] else f"--sandbox {name}"
        raise UsageError(f"{said}: there is no such sandbox; {nearest(name, known)}")
    conf = OmegaConf.load(folder / f"{name}.yaml")
    keys = [str(key) for key in conf if key != "_target_"]
    dotted = [word.removeprefix("sandbox.") for word in words if not word.startswith("sandbox=")]
    for setting in dotted:
        key, equals, _ = setting.partition("=")
        if not equals or key not in keys:
            raise UsageError(f"sandbox.{setting}: sandbox={name} has no such setting; {nearest(key, keys)}")
    try:
        given = OmegaConf.from_dotlist(dotted)
    except Exception as e:  # of YAML's parser, whatever it is
        raise UsageError(f"{' '.join(words[1:])}: no value: {' '.join(str(e).split())}.") from None
    try:
        conf = OmegaConf.merge(conf, given)
        made: SandboxFactory = instantiate(conf)
    except Exception as e:
        raise ours(e, list(words)) or e from None
    return made, bool(OmegaConf.select(conf, "network"))
