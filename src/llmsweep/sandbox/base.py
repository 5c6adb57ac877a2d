"""What a sandbox is: a workspace that model-written code may touch, and nothing else."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from llmsweep.types import Observation, Task


class Sandbox(Protocol):
    """One open workspace. Used by one thread, except `abort` of its factory. Paths are relative to the
    workspace, or absolute below ``task.workdir``.
    """

    def run(self, command: str, timeout_s: float) -> Observation:
        """Run a shell command in the workspace and wait; at ``timeout_s`` its whole process group is killed.

        Nothing it started survives it. Raises SandboxError when the sandbox itself could not start it.
        """
        ...

    def read(self, path: str) -> str:
        """The text of a file. Raises OSError (the model's mistake, reported to it) where there is none,
        it is no regular file, or it lies outside of the workspace.
        """
        ...

    def write(self, path: str, text: str) -> None:
        """Create or replace a file, its folders included. Raises OSError as `read` does."""
        ...

    def files(self) -> list[str]:
        """The paths of the regular files in the workspace, relative to it, sorted; hidden and compiled ones and all
        beyond the first 2,000 are left out.
        """
        ...

    def snapshot(self) -> str | None:
        """Keep the workspace as it is now; the digest names its content. None where nothing is kept."""
        ...

    def restore(self, snapshot: str) -> None:
        """Make the workspace what it was at that snapshot. Raises SandboxError where it is not kept."""
        ...

    def verify(self, tests: Path, logs: Path, timeout_s: float) -> Observation:
        """Run ``tests/test.sh`` with the tests folder shown read-only (as /tests, where the sandbox has
        mounts) and ``logs`` writable (as /logs). Called after the agent has finished; what it left running is dead.
        """
        ...


class SandboxFactory(Protocol):
    """Opens workspaces; made from conf/sandbox/."""

    name: str

    def check(self) -> None:
        """Raises UnfitError, in one sentence with the choices, when this sandbox cannot run here."""
        ...

    def open(self, task: Task, snapshots: Path | None = None) -> AbstractContextManager[Sandbox]:
        """A fresh workspace with the task's environment files; removed on leaving.

        ``snapshots``: the folder of the content-addressed store, None keeps none. Raises SandboxError.
        """
        ...

    def abort(self) -> None:
        """Kill every command in flight, from another thread, at once."""
        ...
