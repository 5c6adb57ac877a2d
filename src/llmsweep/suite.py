"""Task folders in Harbor's shape become Tasks, named by the digest of what an episode can see of them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from llmsweep.authoring.cache import materialise
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
        raise UsageError(f"suite {name!r}: {folder} holds no task folder (one with a task.toml).")
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
    metadata, environment = about.get("metadata", {}), about.get("environment", {})
    own = () if environment.get("docker_image") else ("environment",)
    for needed in ("instruction.md", "tests/test.sh", *own):
        if not (folder / needed).exists():
            raise UsageError(f"{folder}: {needed} is missing.")
    check = metadata.get("check")
    solution = folder / "solution"
    return Task(
        id=f"{suite}/{folder.name}",
        prompt=(folder / "instruction.md").read_text(encoding="utf-8").strip(),
        digest=_digest(folder),
        environment=folder / "environment",
        verifier=Verifier(
            tests=folder / "tests", timeout_s=float(about.get("verifier", {}).get("timeout_sec", 600))
        ),
        workdir=_workdir(folder, environment.get("workdir")),
        check=None if check is None else str(check),
        solution=solution if (solution / "solve.sh").is_file() else None,
        tier=int(metadata.get("tier", 1)),
        timeout_s=float(about.get("agent", {}).get("timeout_sec", 600)),
        container=needs_container(folder, environment),
        tools=tuple(map(str, metadata.get("tools", ()))),
    )


def _about(folder: Path) -> dict[str, Any]:
    return _toml(folder / "suite.toml") if (folder / "suite.toml").is_file() else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise UsageError(f"{path}: {e}.") from e


def _dockerfile(folder: Path) -> list[tuple[str, str]]:
    """Instructions and their arguments, continued lines joined."""
    path = folder / "environment" / "Dockerfile"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines()]
    words = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(word.upper(), rest.strip()) for word, _, rest in words]


def _workdir(folder: Path, stated: object) -> str:
    """The workspace's path: task.toml's, else the Dockerfile's last."""
    found = [rest for word, rest in _dockerfile(folder) if word == "WORKDIR"]
    return str(stated) if stated else found[-1] if found else "/app"


_NEEDLESS = {
    "FROM",
    "WORKDIR",
    "COPY",
    "ADD",
    "LABEL",
    "CMD",
    "ENTRYPOINT",
    "SHELL",
    "ARG",
    "EXPOSE",
    "STOPSIGNAL",
}


def needs_container(folder: Path, environment: dict[str, Any]) -> str | None:
    """Why a task cannot be run from its files alone; None where it can.

    Its Dockerfile may only copy the whole folder into the workspace. The base image is not looked at: what a task
    needs of it, it says as [metadata] tools.
    """
    if environment.get("docker_image"):
        return f"its image is {environment['docker_image']}"
    if compose := [p.name for p in (folder / "environment").glob("*compose*.y*ml")]:
        return f"it has a {compose[0]}"
    if environment.get("allowed_hosts") or environment.get("network_mode") == "allowlist":
        return "it needs a network"
    workdir = PurePosixPath(_workdir(folder, environment.get("workdir")))
    for word, rest in _dockerfile(folder):
        if word not in _NEEDLESS:
            return f"its Dockerfile has a {word} line"
        if word in ("COPY", "ADD") and not _copies_all(rest, workdir):
            return f"its Dockerfile copies {rest}"
    return None


def _copies_all(words: str, workdir: PurePosixPath) -> bool:
    """Whether a COPY line puts the whole folder into the workspace."""
    if "--from" in words:
        return False
    *sources, target = [part for part in words.split() if not part.startswith("--")] or [""]
    if sources not in (["."], ["./"]):
        return False
    return target in (".", "./") or PurePosixPath(target) == workdir


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
