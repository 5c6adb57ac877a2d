"""The verb `tasks`: which suites there are, and the proof that each of their tasks is sound."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from llmsweep.errors import UsageError, nearest
from llmsweep.paths import conf_dir
from llmsweep.sandbox.base import SandboxFactory
from llmsweep.suite import Suite, load_suite, shipped


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="llmsweep tasks", description="Suites of tasks.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="the suites that come along, or one suite's tasks")
    validate = verbs.add_parser(
        "validate",
        help="each task's own solution must pass its hidden tests, the untouched workspace must fail",
    )
    for verb in (listing, validate):
        verb.add_argument(
            "suite", nargs="?", help="a suite's name, or a folder of task folders; all when missing"
        )
    validate.add_argument(
        "--sandbox", default="bubblewrap", help="where solutions run (default: %(default)s)"
    )
    chosen = parser.parse_args(args)
    suites = [find_suite(chosen.suite)] if chosen.suite else [load_suite(p) for p in shipped().values()]
    if chosen.verb == "validate":
        return max(_validate(suite, chosen.sandbox) for suite in suites)
    return _list_tasks(suites[0]) if chosen.suite else _list_suites(suites)


def find_suite(name: str) -> Suite:
    """A suite that comes along, or a folder of one's own."""
    known = shipped()
    if name in known:
        return load_suite(known[name])
    if Path(name).is_dir():
        return load_suite(Path(name))
    raise UsageError(f"{name}: neither a suite that comes along nor a folder; {nearest(name, known)}")


def _list_suites(suites: Sequence[Suite]) -> int:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("suite", "version", "tasks", "what it is"):
        table.add_column(heading)
    for suite in suites:
        table.add_row(suite.name, suite.version, str(len(suite.tasks)), suite.description)
    Console().print(table)
    return 0


def _list_tasks(suite: Suite) -> int:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("task", "tier", "what it asks"):
        table.add_column(heading, no_wrap=heading != "what it asks")
    for task in suite.tasks:
        table.add_row(task.id, str(task.tier), task.prompt.splitlines()[0])
    Console().print(table)
    return 0


def _validate(suite: Suite, sandbox: str) -> int:
    from llmsweep.agent.validate import validate

    factory = _sandbox(sandbox)
    factory.check()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        found = list(pool.map(lambda task: validate(task, factory), suite.tasks))
    bad = 0
    for task, problems in zip(suite.tasks, found, strict=True):
        bad += bool(problems)
        for problem in problems:
            print(f"{task.id}: {problem}")
    print(f"{suite.name}: {len(suite.tasks) - bad} of {len(suite.tasks)} tasks are sound")
    return 1 if bad else 0


def _sandbox(name: str) -> SandboxFactory:
    """The sandbox of conf/sandbox/<name>.yaml with its defaults."""
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    folder = conf_dir() / "sandbox"
    known = [path.stem for path in folder.glob("*.yaml")]
    if name not in known:
        raise UsageError(f"--sandbox {name}: there is no such sandbox; {nearest(name, known)}")
    made: SandboxFactory = instantiate(OmegaConf.load(folder / f"{name}.yaml"))
    return made
