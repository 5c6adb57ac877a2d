"""One command with everything it started: its output kept small, its limits watched, and all of it dead at the end."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol

from llmsweep.errors import SandboxError, UsageError
from llmsweep.types import Observation

Killed = Literal["timeout", "memory", "processes"]

THREADS_PER_PROCESS = 8
"""Threads that count as much as one process: a pool of workers is no fork bomb."""
_CHUNK = 65536
_DEATH_S = 10.0
_BLIND_POLL_S = 0.02  # where no pidfd tells of the exit (macOS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one command may use; all of its processes together, except ``file_mb``.

    ``memory_mb``: resident memory, and the private memory that any one process may allocate;
    ``processes``: how many may be alive at once; ``file_mb``: the size of one file; ``disk_mb``: what
    it may leave in the folders it can write; ``output_bytes``: output that is kept.
    """

    memory_mb: int
    processes: int
    file_mb: int
    disk_mb: int
    output_bytes: int

    def __post_init__(self) -> None:
        for key in self.__slots__:
            value = getattr(self, key)
            if not isinstance(value, int) or value < 1:
                raise UsageError(f"sandbox.{key}={value!r} must be a whole number of at least 1.")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a group uses now."""

    processes: int
    threads: int
    memory_bytes: int


class Group(Protocol):
    """The processes of one command, however they are held together."""

    process: subprocess.Popen[bytes]
    """Its end is the end of the command; stdout carries all output."""
    looks_s: tuple[float, ...]
    """When to look at `usage`, seconds after the start; the last is also the interval from then on."""

    def usage(self) -> Usage | None:
        """None where it cannot be seen, because it has ended or is only starting."""
        ...

    def memory(self) -> int:
        """Bytes of memory without counting shared pages twice: the slow look that confirms a fast one."""
        ...

    def kill(self) -> None:
        """Kill every process, from any thread, also when there is none left. Does not wait."""
        ...


class InFlight:
    """The commands that run now, so that another thread can end them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: dict[int, Group] = {}
        self._aborted: set[int] = set()

    @contextlib.contextmanager
    def holding(self, group: Group) -> Iterator[None]:
        """Raises SandboxError on leaving where `abort` came meanwhile."""
        with self._lock:
            self._groups[id(group)] = group
        try:
            yield
        finally:
            with self._lock:
                del self._groups[id(group)]
                aborted = id(group) in self._aborted
                self._aborted.discard(id(group))
        if aborted:
            raise SandboxError("the command was aborted")

    def abort(self) -> None:
        with self._lock:
            for key, group in self._groups.items():
                self._aborted.add(key)
                group.kill()


class Output:
    """The head and the tail of a stream in bounded memory. ``limit``: bytes kept."""

    def __init__(self, limit: int) -> None:
        self._head_room = limit // 2
        self._tail_room = limit - self._head_room
        self._head, self._tail, self._total = bytearray(), bytearray(), 0

    def feed(self, chunk: bytes) -> None:
        self._total += len(chunk)
        room = self._head_room - len(self._head)
        if room > 0:
            self._head += chunk[:room]
            chunk = chunk[room:]
        self._tail += chunk[-self._tail_room :]
        if (
            len(self._tail) > 2 * self._tail_room
        ):  # trimmed now and then, so that a chunk costs its own length
            del self._tail[: -self._tail_room]

    def text(self) -> str:
        """Decoded as UTF-8 with replacement; a line in the middle says how many bytes are missing."""
        tail = self._tail[-self._tail_room :]
        cut = self._total - len(self._head) - len(tail)
        if not cut:
            return (self._head + tail).decode("utf-8", "replace")
        head_text, tail_text = (part.decode("utf-8", "replace") for part in (self._head, tail))
        return f"{head_text}\n[... {cut} bytes cut ...]\n{tail_text}"


MAX_COMMAND_BYTES = 128 * 1024 - 1  # the kernel's MAX_ARG_STRLEN, its final NUL left out


def refusal(command: str) -> Observation | None:
    """What the model is told about a command that no system could start: a mistake of its own, not a fault."""
    try:
        data = command.encode()
    except UnicodeEncodeError:
        return Observation(exit_code=126, output="the command holds half of a surrogate pair\n")
    if b"\0" in data:
        return Observation(exit_code=126, output="the command holds a NUL byte\n")
    if len(data) > MAX_COMMAND_BYTES:
        return Observation(
            exit_code=126,
            output=f"the command is too long: {len(data)} bytes, at most {MAX_COMMAND_BYTES}; write a file instead\n",
        )
    return None


@dataclass(frozen=True, slots=True)
class Watch:
    """What a running command is held to. ``folders``: where it can write to the disk."""

    limits: Limits
    timeout_s: float
    folders: tuple[Path, ...]


def supervise(group: Group, watch: Watch, in_flight: InFlight) -> Observation:
    """Wait for the command, kill what is left of it and say what happened.

    The exit code is the shell's convention: 128 + n for a process that signal n ended. Raises
    SandboxError when the command was aborted or cannot be killed.
    """
    started = time.monotonic()
    output = Output(watch.limits.output_bytes)
    pipe = group.process.stdout
    assert pipe is not None
    with in_flight.holding(group), pipe:
        os.set_blocking(pipe.fileno(), False)
        try:
            killed, note = _follow(group, watch, pipe, output)
        finally:
            group.kill()
            _reap(group.process)
        _drain(pipe, output)
    code = group.process.returncode
    return Observation(
        exit_code=None if killed else code if code >= 0 else 128 - code,
        output=output.text() + note,
        duration_s=time.monotonic() - started,
        killed=killed,
    )


def _follow(group: Group, watch: Watch, pipe: IO[bytes], output: Output) -> tuple[Killed | None, str]:
    """Read until the command ends or breaks a limit."""
    now = time.monotonic()
    deadline = now + watch.timeout_s
    looks = itertools.chain((now + wait_s for wait_s in group.looks_s), itertools.repeat(0.0))
    look = next(looks)
    free = [_free_bytes(folder) for folder in watch.folders]
    with _poller(group.process, pipe) as (poller, sees_exit):
        while True:
            wait_s = min(deadline, look) - now
            ready = poller.poll(1000 * max(0.0, wait_s if sees_exit else min(wait_s, _BLIND_POLL_S)))
            ended = group.process.poll() is not None
            if any(fd == pipe.fileno() for fd, _ in ready) and not _read(pipe, output):
                poller.unregister(pipe.fileno())
            now = time.monotonic()
            if ended:
                return None, ""
            if now >= deadline:
                return "timeout", ""
            if now >= look:
                if broken := _broken(group, watch, free):
                    return broken
                look = next(looks) or time.monotonic() + group.looks_s[-1]


@contextlib.contextmanager
def _poller(process: subprocess.Popen[bytes], pipe: IO[bytes]) -> Iterator[tuple[select.poll, bool]]:
    """What wakes at output and, where the flag says so, at the exit of the process."""
    poller = select.poll()
    poller.register(pipe.fileno(), select.POLLIN)
    pidfd = os.pidfd_open(process.pid) if hasattr(os, "pidfd_open") else None
    if pidfd is not None:
        poller.register(pidfd, select.POLLIN)
    try:
        yield poller, pidfd is not None
    finally:
        if pidfd is not None:
            os.close(pidfd)


def _read(pipe: IO[bytes], output: Output) -> bool:
    """False at the end of the stream."""
    try:
        chunk = os.read(pipe.fileno(), _CHUNK)
    except BlockingIOError:
        return True
    output.feed(chunk)
    return bool(chunk)


def _drain(pipe: IO[bytes], output: Output) -> None:
    """What still lies in the pipe; bounded, in case a survivor writes on."""
    for _ in range(32):
        try:
            chunk = os.read(pipe.fileno(), _CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            return
        output.feed(chunk)


def _broken(group: Group, watch: Watch, free: list[int]) -> tuple[Killed, str] | None:
    """The limit that is broken now, with a note for the reader of the output."""
    limits = watch.limits
    usage = group.usage()
    if usage is None:
        return None
    if usage.processes > limits.processes or usage.threads > limits.processes * THREADS_PER_PROCESS:
        return "processes", ""
    memory = limits.memory_mb << 20
    if usage.memory_bytes > memory and group.memory() > memory:
        return "memory", ""
    # The free space is one system call; only where it fell that far (others write there too) are files counted.
    disk = limits.disk_mb << 20
    fell = any(
        before - _free_bytes(folder) > disk for before, folder in zip(free, watch.folders, strict=True)
    )
    if fell and sum(map(_size_bytes, watch.folders)) > disk:
        return "memory", f"\n[killed: it left more than {limits.disk_mb} MB in its folders]\n"
    return None


def _reap(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_DEATH_S)
    except subprocess.TimeoutExpired:
        raise SandboxError(f"a killed command was still there after {_DEATH_S:.0f} s") from None


def _free_bytes(folder: Path) -> int:
    about = os.statvfs(folder)
    return about.f_bavail * about.f_frsize


def _size_bytes(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH118 - millions of them
    return total
