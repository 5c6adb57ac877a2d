"""Task folders in Harbor's shape become Tasks, named by the digest of what an episode can see of them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from llmsweep.authoring.cache import materialise
from llmsweep.authoring.harbor import needs_container, tools_of_image, without_canary, workdir_of
from llmsweep.authoring.triggers import write_triggers
from llmsweep.errors import UsageError, nearest
from llmsweep.paths import tasks_dir
from llmsweep.types import Task, Verifier, digest

SCHEMAS = {"1.0", "1.1", "1.2", "1.3", "1.4"}
"""Versions of Harbor's task.toml that this reader understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What suite.toml says about a suite. ``tiers``: tier -> what it takes; ``seconds``: expected for one task."""

    version: str = "0"
    description: str = ""
    measures: tuple[str, ...] = ()
    does_not_measure: tuple[str, ...] = ()
    tiers: dict[int, str] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A folder of tasks. ``digest`` covers every task's digest, in order of their ids."""

    name: str
    tasks: tuple[Task, ...]
    card: Card = Card()

    @property
    def digest(self) -> str:
        return digest([[t.id, t.digest] for t in self.tasks])

    def pick(self, names: Sequence[str] = (), tiers: Sequence[int] = (), limit: int | None = None) -> Suite:
        """The same suite with fewer tasks; the order of folders is kept. Raises UsageError for unknown names."""
        short = {t.id.rpartition("/")[2]: t for t in self.tasks}
        for name in names:
            if name not in short:
                raise UsageError(
                    f"suite.tasks: {name!r} is no task of suite {self.name!r}; {nearest(name, short)}"
                )
        if limit is not None and limit < 1:
            raise UsageError(f"suite.limit={limit}: it must be 1 or more.")
        known = {t.tier for t in self.tasks}
        if unknown := set(tiers) - known:
            raise UsageError(f"suite.tiers={sorted(unknown)}: suite {self.name!r} has tiers {sorted(known)}.")
        kept = [
            t for name, t in short.items() if (not names or name in names) and (not tiers or t.tier in tiers)
        ]
        return replace(self, tasks=tuple(kept if limit is None else kept[:limit]))


def shipped() -> dict[str, Path]:
    """The folders of the suites that come along, by name."""
    folders = sorted(path for path in tasks_dir().iterdir() if path.is_dir())
    return {
        path.name: path for path in folders if any(path.glob("*/task.toml")) or _about(path).get("source")
    }


def load_suite(folder: Path, name: str | None = None) -> Suite:
    """Every task below ``folder``, ordered by name; of a task's own folder that one. Raises UsageError when there is
    none or one is malformed.

    Where suite.toml names a ``source`` (a file of labelled triggers), its tasks are made from that file.
    """
    name = name or folder.name
    if not folder.is_dir():
        raise UsageError(f"suite {name!r}: {folder} is no folder.")
    about = _about(folder)
    source = about.get("source")
    made = folder if source is None else materialise(name, folder / str(source), write_triggers)
    alone = (made / "task.toml").is_file()
    tasks = tuple(
        load_task(f.parent, name) for f in sorted(made.glob("task.toml" if alone else "*/task.toml"))
    )
    if not tasks:
        older = any(folder.glob("*/task.yaml")) or (folder / "task.yaml").is_file()
        hint = (
            " Its task.yaml are Terminal-Bench's older form: convert them with harbor task migrate."
            if older
            else ""
        )
        raise UsageError(f"suite {name!r}: {folder} holds no task folder (one with a task.toml).{hint}")
    return Suite(name=name, tasks=tasks, card=_card(about, folder))


def _card(about: dict[str, Any], folder: Path) -> Card:
    try:
        return Card(
            version=str(about.get("version", "0")),
            description=str(about.get("description", "")),
            measures=tuple(map(str, about.get("measures", ()))),
            does_not_measure=tuple(map(str, about.get("does_not_measure", ()))),
            tiers={int(tier): str(text) for tier, text in about.get("tiers", {}).items()},
            seconds=None if (s := about.get("expected_seconds_per_task")) is None else float(s),
        )
    except (TypeError, ValueError, AttributeError) as e:
        raise UsageError(f"{folder / 'suite.toml'}: {e}; see tasks/micro/suite.toml for the form.") from e


def load_task(folder: Path, suite: str) -> Task:
    """One task folder. Raises UsageError naming the file and what is wrong with it."""
    about = _toml(folder / "task.toml")
    schema = str(about.get("schema_version", "1.0"))
    if schema not in SCHEMAS:
        raise UsageError(
            f"{folder}/task.toml: schema_version {schema!r} is not among {', '.join(sorted(SCHEMAS))}."
        )
    if "steps" in about:
        raise UsageError(f"{folder}/task.toml: multi-step tasks ([[steps]]) are not supported.")
    for table in ("metadata", "environment", "verifier", "agent"):
        if not isinstance(about.get(table, {}), dict):
            raise UsageError(f"{folder}/task.toml: {table}={about[table]!r}: it must be a table, [{table}].")
    try:
        return _task(folder, suite, about)
    except (TypeError, ValueError) as e:
        raise UsageError(f"{folder}/task.toml or a file beside it: {e}.") from e


def _task(folder: Path, suite: str, about: dict[str, Any]) -> Task:
    metadata, environment = about.get("metadata", {}), about.get("environment", {})
    own = () if environment.get("docker_image") else ("environment",)
    for needed in ("instruction.md", "tests/test.sh", *own):
        if not (folder / needed).exists():
            raise UsageError(f"{folder}: {needed} is missing.")
    check, tools = metadata.get("check"), metadata.get("tools", tools_of_image(folder))
    if not isinstance(tools, list | tuple):
        raise TypeError(f'tools={tools!r}: it must be a list, such as ["gcc"]')
    solution = folder / "solution"
    return Task(
        id=f"{suite}/{folder.name}",
        prompt=without_canary((folder / "instruction.md").read_text(encoding="utf-8")),
        digest=_digest(folder),
        environment=folder / "environment",
        verifier=Verifier(
            tests=folder / "tests", timeout_s=float(about.get("verifier", {}).get("timeout_sec", 600))
        ),
        workdir=workdir_of(folder, environment.get("workdir")),
        check=None if check is None else str(check),
        solution=solution if (solution / "solve.sh").is_file() else None,
        tier=int(metadata.get("tier", 1)),
        timeout_s=float(about.get("agent", {}).get("timeout_sec", 600)),
        container=needs_container(folder, about),
        tools=tuple(map(str, tools)),
    )


def _about(folder: Path) -> dict[str, Any]:
    return _toml(folder / "suite.toml") if (folder / "suite.toml").is_file() else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise UsageError(f"{path}: {e}.") from e


def _digest(folder: Path) -> str:
    """sha256 over path, executable bit and content of all that an episode can see (the solution is not)."""
    total = hashlib.sha256()
    for path in _visible(folder):
        mode = "x" if path.stat().st_mode & 0o111 else "-"
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()}\0{mode}\0{content}\n".encode())
    return total.hexdigest()


def _visible(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        top = path.relative_to(folder).parts[0]
        if path.is_file() and top != "solution" and "__pycache__" not in path.parts:
            yield path
