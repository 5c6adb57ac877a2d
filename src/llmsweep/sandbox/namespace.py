"""One bubblewrap process and the PID namespace behind it: started held back, limited, watched from outside, killed whole."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import resource
import select
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from llmsweep.errors import SandboxError
from llmsweep.sandbox.fitness import kernel
from llmsweep.sandbox.process import THREADS_PER_PROCESS, Limits, Usage

_NPROC_PER_NAMESPACE_SINCE = (5, 14)


class Namespace:
    """A Group: all processes of one PID namespace, which the kernel kills together with its first."""

    # An early one, because where the kernel sets no bound a fork bomb is hundreds of processes after 50 ms.
    looks_s: tuple[float, ...] = (0.02, 0.05)

    def __init__(self, process: subprocess.Popen[bytes], status: int, limits: Limits) -> None:
        self.process, self._status, self._limits = process, status, limits
        self._lock = threading.Lock()
        self._report = b""
        self._first: int | None = None
        self._pidfd: int | None = None

    def release(self, gate: int) -> None:
        """Wait until the first process stands, take hold of it, limit it and let it go on.

        It is held at ``gate`` meanwhile, so that no process id can be mistaken and nothing runs unlimited.
        """
        while b"\n" not in self._report:
            if not (part := os.read(self._status, 4096)):
                return
            self._report += part
        line, self._report = self._report.split(b"\n", 1)
        first = int(json.loads(line)["child-pid"])
        # Where bwrap gives up meanwhile (a mount failed), its words are in the output.
        with contextlib.suppress(ProcessLookupError, BrokenPipeError):
            with self._lock:
                self._first, self._pidfd = first, os.pidfd_open(first)
            for kind, wanted in _rlimits(self._limits).items():
                hard = resource.prlimit(first, kind)[1]
                value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
                resource.prlimit(first, kind, (value, value))
            if not _nproc_binds():
                with contextlib.suppress(OSError):
                    os.sched_setaffinity(first, _all_but_one(os.sched_getaffinity(0)))
            with contextlib.suppress(OSError):  # where memory runs out, the kernel is to choose the command
                Path(f"/proc/{first}/oom_score_adj").write_text("1000")
            os.write(gate, b"\n")

    def usage(self) -> Usage | None:
        """From the namespace's own /proc, seen from outside: all of its processes and no others."""
        proc = self._proc()
        try:
            if os.stat(proc).st_dev == _host_proc():  # noqa: PTH116 - twenty times a second
                return None  # still being set up
            pids = self._pids()
        except OSError:
            return None
        if len(pids) > self._limits.processes:
            return Usage(len(pids), 0, 0)
        threads = pages = 0
        for pid in pids:
            with contextlib.suppress(OSError), open(f"{proc}/{pid}/stat", "rb") as file:
                # After the parenthesised name, proc(5)'s fields 20 (num_threads) and 24 (rss, pages).
                fields = file.read().rpartition(b")")[2].split()
                threads += int(fields[17])
                pages += int(fields[21])
        return Usage(len(pids), threads, pages * resource.getpagesize())

    def memory(self) -> int:
        """Sum of the proportional set sizes; of the resident ones where those cannot be read."""
        proc, total = self._proc(), 0
        with contextlib.suppress(FileNotFoundError):
            for pid in self._pids():
                try:
                    text = Path(proc, pid, "smaps_rollup").read_text()
                except PermissionError:
                    usage = self.usage()
                    return usage.memory_bytes if usage else 0
                except OSError:
                    continue
                total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
        return total << 10

    def _proc(self) -> str:
        return f"/proc/{self._first}/root/proc"

    def _pids(self) -> list[str]:
        """One more than is allowed at most: a bomb grows faster than it can be listed."""
        with os.scandir(self._proc()) as entries:
            names = (entry.name for entry in entries)
            return list(itertools.islice(filter(str.isdecimal, names), self._limits.processes + 1))

    def kill(self) -> None:
        with self._lock:
            if self._pidfd is None or self._first is None:
                self.process.kill()
            elif not select.select([self._pidfd], [], [], 0)[0]:
                # The first process takes the others with it as soon as it is scheduled, which among the
                # hundreds of a fork bomb is late: so it moves to the processor that is kept free of them.
                with contextlib.suppress(OSError):
                    os.sched_setaffinity(self._first, {min(os.sched_getaffinity(0))})
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def await_death(self) -> None:
        """The first process ends only after the kernel has buried all the others."""
        if self._pidfd is not None and not select.select([self._pidfd], [], [], 10.0)[0]:
            raise SandboxError("a killed command was still there after 10 s")

    def ran(self) -> bool:
        """Whether the command itself was started: only then bwrap reports an exit code."""
        while part := os.read(self._status, 4096):
            self._report += part
        return b'"exit-code"' in self._report

    def abandon(self) -> None:
        """End a command that was never let go."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.close()

    def close(self) -> None:
        os.close(self._status)
        with self._lock:
            if self._pidfd is not None:
                os.close(self._pidfd)
                self._pidfd = None


def start(
    argv: Sequence[str],
    *,
    executable: str,
    options: Sequence[str],
    files: Mapping[str, bytes],
    environment: Mapping[str, str],
    limits: Limits,
) -> Namespace:
    """bwrap with ``options`` and a command ``argv``, let go once its limits are set.

    ``files``: contents that bwrap reads from a file descriptor, by the option that names it. Raises
    SandboxError.
    """
    status, status_end = os.pipe()
    gate_end, gate = os.pipe()
    passed = [status_end, gate_end]
    group = None
    try:
        options = [*options, "--json-status-fd", str(status_end), "--block-fd", str(gate_end)]
        for option, content in files.items():
            passed.append(_as_file(content))
            options += option, str(passed[-1])
        # By file, not by argument: a process list inside must not show the host's paths.
        passed.append(_as_file(b"".join(os.fsencode(option) + b"\0" for option in options)))
        process = subprocess.Popen(
            ["bwrap", "--args", str(passed[-1]), "--", *argv],
            executable=executable,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            pass_fds=passed,
            start_new_session=True,  # Ctrl-C is for the sweep, which then ends its commands in order
        )
        group = Namespace(process, status, limits)
        while passed:
            os.close(passed.pop())
        group.release(gate)
    except BaseException as e:
        if group is None:
            os.close(status)
        else:
            group.abandon()
        if isinstance(e, OSError):
            raise SandboxError(f"bubblewrap could not be started: {e}") from e
        raise
    finally:
        # Last: a gate that closes opens, and by now the command is limited or dead.
        for fd in (*passed, gate):
            os.close(fd)
    return group


def _as_file(content: bytes) -> int:
    fd = os.memfd_create("llmsweep")
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _rlimits(limits: Limits) -> dict[int, int]:
    """The first line of the limits, which the kernel keeps by process (the watchdog keeps the sums).

    RLIMIT_DATA, not RLIMIT_AS: runtimes such as Node, Go and Java reserve far more address space than
    they use. RLIMIT_NPROC counts threads.
    """
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: limits.memory_mb << 20,
        resource.RLIMIT_FSIZE: limits.file_mb << 20,
        resource.RLIMIT_NOFILE: 1024,
        resource.RLIMIT_MEMLOCK: 1 << 20,
    }
    if _nproc_binds():
        bounds[resource.RLIMIT_NPROC] = limits.processes * THREADS_PER_PROCESS
    return bounds


@cache
def _host_proc() -> int:
    return Path("/proc").stat().st_dev


def _nproc_binds() -> bool:
    """Whether the kernel itself bounds the processes of a namespace: never for root, and not before 5.14,
    where the limit counted all processes of the user on the host.

    Where it does not, only the watchdog stands against a fork bomb, and needs a processor to run on.
    """
    return os.geteuid() != 0 and kernel() >= _NPROC_PER_NAMESPACE_SINCE


def _all_but_one(processors: set[int]) -> set[int]:
    return processors - {min(processors)} or processors
