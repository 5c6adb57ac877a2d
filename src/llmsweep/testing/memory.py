"""A sandbox in memory, for tests of everything that is not a sandbox: its files are a dict, its commands a function."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from llmsweep.errors import SandboxError
from llmsweep.types import Observation, Task, digest

Files = dict[str, str]
Answer = Callable[[str, Files], Observation]
"""What a command does: it may change the files, and says what the model sees."""
Check = Callable[[Files, Path], Observation]
"""What verification does with the files; it writes its reward below the logs folder."""


def silent(command: str, files: Files) -> Observation:
    """Every command succeeds and prints nothing."""
    return Observation(exit_code=0, output="")


def rewarding(files: Files, logs: Path) -> Observation:
    """Verification that always passes."""
    folder = logs / "verifier"
    folder.mkdir(exist_ok=True)
    (folder / "reward.txt").write_text("1\n")
    return Observation(exit_code=0, output="")


@dataclass(kw_only=True)
class MemoryFactory:
    """Sandboxes whose files are a dict and whose commands are a Python function: no process, no disk.

    ``kept``: the workspaces of all snapshots, by digest.
    """

    answer: Answer = silent
    verifier: Check = rewarding
    name: str = "memory"
    kept: dict[str, Files] = field(default_factory=dict)
    _environments: dict[Path, Files] = field(default_factory=dict, repr=False)

    def check(self) -> None:
        """It runs everywhere."""

    @contextlib.contextmanager
    def open(self, task: Task, snapshots: Path | None = None) -> Iterator[MemorySandbox]:
        if task.environment not in self._environments:
            self._environments[task.environment] = {
                path.relative_to(task.environment).as_posix(): path.read_text(encoding="utf-8")
                for path in sorted(task.environment.rglob("*"))
                if path.is_file() and path.name != "Dockerfile"
            }
        files = dict(self._environments[task.environment])
        yield MemorySandbox(self, files, task.workdir, keeps=snapshots is not None)

    def abort(self) -> None:
        """Nothing is ever in flight for long."""


class MemorySandbox:
    """``content``: path relative to the workspace to text; tests may look at it and change it."""

    def __init__(self, factory: MemoryFactory, files: Files, workdir: str, *, keeps: bool) -> None:
        self.content = files
        self._factory, self._workdir, self._keeps = factory, workdir, keeps

    def run(self, command: str, timeout_s: float) -> Observation:
        return self._factory.answer(command, self.content)

    def read(self, path: str) -> str:
        name = self._name(path)
        if name not in self.content:
            raise FileNotFoundError(f"no such file: {path}")
        return self.content[name]

    def write(self, path: str, text: str) -> None:
        self.content[self._name(path)] = text

    def snapshot(self) -> str | None:
        if not self._keeps:
            return None
        content = digest(self.content)
        self._factory.kept.setdefault(content, dict(self.content))
        return content

    def files(self) -> list[str]:
        return sorted(self.content)

    def restore(self, snapshot: str) -> None:
        if snapshot not in self._factory.kept:
            raise SandboxError(f"no snapshot {snapshot}")
        self.content.clear()
        self.content.update(self._factory.kept[snapshot])

    def verify(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        return self._factory.verifier(self.content, logs)

    def _name(self, path: str) -> str:
        pure = PurePosixPath(path)
        if pure.is_relative_to(self._workdir):
            pure = pure.relative_to(self._workdir)
        if pure.is_absolute() or ".." in pure.parts:
            raise PermissionError(f"outside of the workspace {self._workdir}: {path}")
        name = pure.as_posix()
        if name == "." or any(other.startswith(f"{name}/") for other in self.content):
            raise IsADirectoryError(f"a folder, not a file: {path}")
        return name
