"""The command line of docker or podman: which of them works here, and the few things that are asked of it.

The two agree on their words, which are their stable interface, and share no library; so no SDK is needed either.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import IO

import psutil

from llmsweep.errors import SandboxError, UnfitError
from llmsweep.sandbox.process import InFlight, Usage, Watch, supervise
from llmsweep.types import Observation

KINDS = ("docker", "podman")
LABEL = "llmsweep"
"""The label of every container of ours; its value says which process made it."""
ANSWER_S = 60.0
"""How long the engine may take over anything but a build."""


@dataclass(frozen=True, slots=True)
class Engine:
    """``kind``: docker or podman; ``program``: its path."""

    kind: str
    program: str

    def say(self, *words: str, stdin: IO[bytes] | None = None, timeout_s: float = ANSWER_S) -> str:
        """What the engine prints. Raises SandboxError where it fails."""
        done = self.try_(*words, stdin=stdin, timeout_s=timeout_s)
        if done.returncode:
            raise SandboxError(f"{self.kind} {words[0]} failed: {_end(done.stderr or done.stdout)}")
        return done.stdout.decode("utf-8", "replace").strip()

    def try_(
        self, *words: str, stdin: IO[bytes] | bytes | None = None, timeout_s: float = ANSWER_S
    ) -> subprocess.CompletedProcess[bytes]:
        """What became of one call. Raises SandboxError only where it could not be started or did not end."""
        try:
            with contextlib.ExitStack() as held:
                if isinstance(stdin, bytes):
                    data = stdin
                    stdin = held.enter_context(tempfile.TemporaryFile())
                    stdin.write(data)
                    stdin.seek(0)
                return subprocess.run(
                    [self.program, *words],
                    stdin=stdin or subprocess.DEVNULL,
                    capture_output=True,
                    timeout=timeout_s,
                    start_new_session=True,
                    check=False,
                )
        except (OSError, subprocess.TimeoutExpired) as e:
            raise SandboxError(f"{self.kind} {words[0]}: {e}") from e

    def work(self, words: Sequence[str], watch: Watch, in_flight: InFlight) -> Observation:
        """A long call, which `abort` ends and whose output is kept small."""
        process = subprocess.Popen(
            [self.program, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
        )
        return supervise(_Client(process), watch, in_flight)

    @contextlib.contextmanager
    def stream(self, *words: str) -> Iterator[IO[bytes]]:
        """What the engine writes, as it comes; the reader may stop early. Raises SandboxError where it fails."""
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [self.program, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,
            )
            assert process.stdout is not None
            stopped = True
            try:
                yield process.stdout
                stopped = bool(process.stdout.read(1))
            finally:
                if stopped:
                    process.kill()
                process.stdout.close()
                process.wait()
            if process.returncode and not stopped:
                said.seek(0)
                raise SandboxError(f"{self.kind} {words[0]} failed: {_end(said.read())}")

    def remove(self, container: str) -> None:
        """Killed first: podman's `rm` waits ten seconds for a process that does not listen."""
        with contextlib.suppress(SandboxError):
            self.try_("kill", container)
            self.try_("rm", "--force", "--volumes", container)

    def sweep_up(self) -> int:
        """Remove the containers of this machine's processes that are gone; how many."""
        removed = 0
        for container in self.say("ps", "--all", "--quiet", "--filter", f"label={LABEL}").split():
            form = f'{{{{index .Config.Labels "{LABEL}"}}}}'  # podman 4 has no other word for one label
            told = self.try_("inspect", "--format", form, container)
            if told.returncode == 0 and _gone(told.stdout.decode("utf-8", "replace").strip()):
                self.remove(container)
                removed += 1
        return removed


class _Client:
    """A Group: the engine's own program."""

    looks_s: tuple[float, ...] = (60.0,)

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def usage(self) -> Usage | None:
        return None

    def memory(self) -> int:
        return 0

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


@cache
def owner() -> str:
    """This process as a label says it. An engine may be shared by machines, and process ids come again."""
    pid = os.getpid()
    return f"{platform.node()}:{pid}:{int(psutil.Process(pid).create_time())}"


def _gone(owner_: str) -> bool:
    node, _, rest = owner_.rpartition(":")[0].rpartition(":")
    started = owner_.rpartition(":")[2]
    if node != platform.node() or not (rest.isdigit() and started.isdigit()):
        return False
    try:
        return abs(psutil.Process(int(rest)).create_time() - int(started)) > 2
    except psutil.Error:
        return True


def find_engine(wanted: str) -> Engine:
    """The engine of that name, or for `auto` the first that works. Raises UnfitError with what to do."""
    troubles = []
    for kind in KINDS if wanted == "auto" else (wanted,):
        program = shutil.which(kind)
        if program is None:
            troubles.append(f"{kind} is not installed")
            continue
        engine = Engine(kind, program)
        try:
            engine.say("info")
        except SandboxError as e:
            troubles.append(_trouble(kind, str(e)))
        else:
            return engine
    raise UnfitError(
        f"The docker sandbox cannot run here ({'; '.join(troubles)}); mend that, or install podman, which needs no"
        " daemon; tasks that need no container run with sandbox=bubblewrap."
    )


def _trouble(kind: str, words: str) -> str:
    if "permission denied" in words.lower() and kind == "docker":
        return "you may not talk to docker's daemon: sudo usermod -aG docker $USER, then log in again"
    if "daemon" in words.lower() and kind == "docker":
        return "docker's daemon does not answer: start Docker, by sudo systemctl start docker where it is a service"
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return f"{kind} does not work: {lines[-1][:200] if lines else 'it said nothing'}"


def _end(words: bytes) -> str:
    return words.decode("utf-8", "replace").strip()[-500:]
