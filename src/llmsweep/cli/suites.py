"""Suites by the words that users write: a name that comes along, a folder, harbor:PATH, exercism:PATH, humaneval."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from llmsweep.authoring.harbor import fetched_by, unserved
from llmsweep.config import SuiteConfig
from llmsweep.errors import UnfitError, UsageError, nearest
from llmsweep.suite import Suite, load_suite, shipped
from llmsweep.types import Task

KINDS = ("folder", "humaneval", "exercism")
_WITH_PATH = {"harbor": "folder", "exercism": "exercism"}
_NETWORK = "sandbox.network=true, where you accept that"
_LACKING = ("refuse", "skip")


def named_suite(word: str) -> Suite:
    """The suite that a word of the verb `tasks` means. Raises UsageError."""
    prefix, colon, path = word.partition(":")
    if colon and prefix in _WITH_PATH:
        return open_suite(_WITH_PATH[prefix], None, _said(path, word))
    if word == "humaneval":
        return open_suite("humaneval", "humaneval", None)
    known = shipped()
    if word in known:
        return load_suite(known[word])
    if Path(word).is_dir():
        return open_suite("folder", None, word)
    kinds = [*known, "humaneval", "harbor:PATH", "exercism:PATH"]
    raise UsageError(f"{word}: neither a suite that comes along nor a folder; {nearest(word, kinds)}")


def open_suite(kind: str, name: str | None, path: str | None) -> Suite:
    """Load the tasks, made first where they come in another form. Raises UsageError and UnfitError."""
    if kind not in KINDS:
        raise UsageError(f"suite.kind={kind}: there is no such kind; {nearest(kind, KINDS)}")
    if kind == "humaneval":
        return _humaneval(name or "humaneval")
    if path is None:
        known = shipped()
        if name not in known:
            raise UsageError(
                f"suite.name={name}: no such suite comes along; {nearest(str(name), known)}"
                " For your own give suite.path=FOLDER too."
            )
        return load_suite(known[name], name)
    folder = Path(path).expanduser()
    if not folder.is_dir():
        raise UsageError(f"suite.path={path}: there is no such folder.")
    name = name or name_of(path)
    return load_suite(folder, name) if kind == "folder" else _exercism(name, folder)


def name_of(path: str) -> str:
    """The name of a suite in a folder, fit to name a results folder."""
    return re.sub(r"[^\w.-]+", "-", Path(path).expanduser().resolve().name).strip("-.") or "suite"


def _humaneval(name: str) -> Suite:
    from llmsweep.authoring import humaneval
    from llmsweep.authoring.cache import materialise

    return load_suite(materialise("humaneval", humaneval.source(), humaneval.write_humaneval), name)


def _exercism(name: str, folder: Path) -> Suite:
    from llmsweep.authoring.cache import materialise
    from llmsweep.authoring.exercism import write_exercism
    from llmsweep.authoring.exercism_track import find_tracks

    find_tracks(folder)  # before every file below a wrong folder is read for the digest
    return load_suite(materialise(name, folder, write_exercism), name)


def choose_suite(config: SuiteConfig, sandbox: str, network: bool = False) -> tuple[Suite, list[str]]:
    """The suite that a config names, cut down as it says, and what the user should hear of it.

    ``network``: whether the sandbox gives one to tasks that want it. Raises UsageError, and UnfitError where tasks need what is not there.
    """
    if config.lacking not in _LACKING:
        raise UsageError(
            f"suite.lacking={config.lacking}: there is no such choice; {nearest(config.lacking, _LACKING)}"
        )
    suite = open_suite(config.kind, config.name, config.path)
    suite = suite.pick(config.tasks, config.tiers, config.limit)
    lacking = {task.id: why for task in suite.tasks if (why := lacks(task, sandbox, network))}
    if not lacking:
        return suite, []
    first, count = next(iter(lacking.items())), len(lacking)
    if config.lacking == "refuse":
        raise UnfitError(
            f"suite {suite.name}: {count} of {len(suite.tasks)} tasks cannot run here, such as {first[0]}: {first[1]};"
            " or leave them out with suite.lacking=skip"
        )
    kept = [task.id.rpartition("/")[2] for task in suite.tasks if task.id not in lacking]
    if not kept:
        raise UnfitError(f"suite {suite.name}: no task is left: {first[1]}")
    reasons = sorted(set(lacking.values()))
    note = f"suite {suite.name}: {count} of {len(suite.tasks)} tasks are left out: {'; '.join(reasons)}"
    return suite.pick(kept), [note]


def lacks(task: Task, sandbox: str, network: bool = False) -> str | None:
    """What a task needs and this sandbox has not, and what would help; None where nothing is missing."""
    from llmsweep.sandbox.images import unsuited

    if why := unsuited(task) or _unserved(task):
        return why
    if sandbox == "docker":
        fetcher = None if network else fetched_by(task.verifier.tests)
        return f"its tests fetch what they need ({fetcher}): {_NETWORK}" if fetcher else None
    if task.container is not None:
        return f"{task.container}, so that it needs a container: sandbox=docker"
    path = os.pathsep.join([f"{sys.base_prefix}/bin", "/usr/local/bin", "/usr/bin", "/bin"])
    missing = [tool for tool in task.tools if shutil.which(tool, path=path) is None]
    return f"it needs {', '.join(missing)}, which is not on this machine: install it" if missing else None


def _unserved(task: Task) -> str | None:
    folder = task.environment.parent
    return unserved(tomllib.loads((folder / "task.toml").read_text(encoding="utf-8")), folder)


def plain_words(args: Sequence[str]) -> list[str]:
    """The words of a command line with suite=harbor:PATH as Hydra can read them."""
    words: list[str] = []
    for word in args:
        prefix, colon, path = word.removeprefix("suite=").partition(":")
        if not (word.startswith("suite=") and colon):
            words.append(word)
        elif prefix not in _WITH_PATH:
            raise UsageError(f"{word}: there is no such kind of suite; {nearest(prefix, _WITH_PATH)}")
        else:
            path = _said(path, word)
            words += [f"suite={prefix}", f"suite.path={_quoted(path)}", f"suite.name={name_of(path)}"]
    return words


def _said(path: str, word: str) -> str:
    """The path, which must be one: an empty one would be the current folder."""
    if not path.strip():
        raise UsageError(f"{word} names no folder: write {word.strip()}PATH.")
    return path


def _quoted(text: str) -> str:
    """A value as Hydra's grammar reads it back."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
