"""One running container: commands in it, files into and out of it, and a first process that kills whatever they leave.

`exec` ends neither what it started nor what that started: killing the engine's program leaves both running. So the
container's first process, which nothing inside can kill, reads orders from a pipe that only the host holds: at each line
it kills every other process with one system call, without forking, which works in the middle of a fork bomb too. When
this process dies, however it dies, the pipe closes, the first process ends and the engine removes the container.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import IO

from llmsweep.errors import SandboxError
from llmsweep.sandbox.engine import ANSWER_S, LABEL, Engine, owner
from llmsweep.sandbox.process import InFlight, Usage, Watch, supervise
from llmsweep.types import Observation

_READY = "ready"
# $1: the folder to work in. Answers each order with its word and how often memory ran out so far.
_FIRST = r"""
mkdir -p -- "$1" || exit 1
exec 2>/dev/null
trap '' HUP INT QUIT TERM USR1 USR2 ALRM
echo ready
while read -r word; do
  kill -KILL -- -1
  deaths=0
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$file" ] && while read -r key value; do [ "$key" = oom_kill ] && deaths=$value; done < "$file"
  done
  echo "$word $deaths"
done
"""
_BEGUN = b"begun\n"
# $1: the command. Both streams become one inside, since the engine carries two without their order; what it leaves
# running dies here, because the engine waits for as long as any of it holds the stream.
_COMMAND = r"""
printf 'begun\n'; exec 2>/dev/null
bash -c "$1" < /dev/null 2>&1
code=$?; kill -KILL -- -1; exit "$code"
"""
_DEATH_S = 8.0
_AGAIN_S = 0.05
_PATIENCE_S = 0.3
_MOST_ANSWER = 1 << 20
# Engines pass the user's proxies on, passwords included.
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")


class Container:
    """Used by one thread, but for `clear`. Raises SandboxError from everything once it is gone."""

    def __init__(self, engine: Engine, image: str, options: Sequence[str], workdir: str) -> None:
        self.engine = engine
        self.name = f"llmsweep-{os.getpid()}-{secrets.token_hex(6)}"
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        proxies = [f"--env={name}=" for name in (*_PROXIES, *map(str.upper, _PROXIES))]
        words = ["run", "--interactive", "--rm", "--name", self.name, "--label", f"{LABEL}={owner()}"]
        words += ["--log-driver", "none", "--sig-proxy=false", "--pull", "never", "--user", "0", *proxies]
        words += ["--workdir", "/", "--entrypoint", "bash", *options, image, "-c", _FIRST, "bash", workdir]
        try:
            self._first = subprocess.Popen(
                [engine.program, *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for the sweep, which then ends its containers in order
            )
        except OSError as e:
            self._said.close()
            raise SandboxError(f"{engine.kind} run: {e}") from e
        try:
            self._answer(_READY)
            self._deaths = self.settle()
        except BaseException:
            self.close()
            raise

    def clear(self) -> None:
        """Kill everything but the first process; from any thread, without waiting."""
        self._order("-")

    def settle(self) -> int:
        """Kill everything but the first process and wait until that is so; how often memory has run out."""
        word = secrets.token_hex(8)
        self._order(word)
        told = self._answer(word).strip()
        return int(told) if told.isdigit() else 0

    def execute(self, options: Sequence[str], command: str, watch: Watch, in_flight: InFlight) -> Observation:
        """Run a bash command; ``options``: words for `exec`. Its time starts when it does."""
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [self.engine.program, "exec", *options, self.name, "bash", "-c", _COMMAND, "bash", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                bufsize=0,
                start_new_session=True,
            )
            group = _Inside(process, self)
            try:
                with in_flight.holding(group):
                    begun = _begins(process)
                if not begun:
                    raise SandboxError(f"{self.engine.kind} exec failed: {_words(said) or 'it said nothing'}")
                outcome = supervise(group, watch, in_flight)
            finally:
                group.end()
        before, self._deaths = self._deaths, self.settle()
        if self._deaths > before and outcome.exit_code not in (0, None):
            return replace(outcome, exit_code=None, killed="memory")
        return outcome

    def ask(
        self, user: str, script: str, *words: str, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """A bash script of ours, run as a user; it leaves nothing behind and its output is small."""
        options = ["--user", user, *(("--interactive",) if stdin is not None else ())]
        return self.engine.try_(
            "exec", *options, self.name, "bash", "-c", script, "bash", *words, stdin=stdin
        )

    def must(self, script: str, *words: str) -> None:
        """The same as root, where a failure is the sandbox's."""
        done = self.ask("0", script, *words)
        if done.returncode:
            raise SandboxError(
                f"the container could not be prepared: {done.stderr.decode('utf-8', 'replace').strip()[-300:]}"
            )

    def put(self, archive: IO[bytes]) -> None:
        """Unpack a tar file at /, with the owners and modes that it names."""
        self.engine.say("cp", "--archive=false", "-", f"{self.name}:/", stdin=archive)

    def close(self) -> None:
        """The end of its orders ends it, and the engine removes it then."""
        for stream in (self._first.stdin, self._first.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._first.wait(_DEATH_S)
        except subprocess.TimeoutExpired:
            self.destroy()
            self._first.wait(_DEATH_S)
        finally:
            self._said.close()

    def destroy(self) -> None:
        """When it does not listen any more."""
        self.engine.remove(self.name)
        self._first.kill()

    def _order(self, word: str) -> None:
        pipe = self._first.stdin
        assert pipe is not None
        with contextlib.suppress(OSError, ValueError):  # that it is gone shows in its answer
            pipe.write(f"{word}\n".encode())  # one write each: threads cannot mix two

    def _answer(self, word: str) -> str:
        """The rest of the line that begins with the word."""
        pipe = self._first.stdout
        assert pipe is not None
        poller = select.poll()
        poller.register(pipe.fileno(), select.POLLIN)
        deadline, seen = time.monotonic() + ANSWER_S, b""
        while len(seen) < _MOST_ANSWER:
            if not poller.poll(1000 * max(0.0, deadline - time.monotonic())):
                raise SandboxError(f"the container did not answer for {ANSWER_S:.0f} s")
            part = os.read(pipe.fileno(), 4096)
            if not part:
                raise SandboxError(f"the container ended: {_words(self._said) or 'nobody said why'}")
            seen += part
            *lines, seen = seen.split(b"\n")
            for line in lines:
                if line.split(b" ")[0] == word.encode():
                    return line.decode("ascii", "replace").partition(" ")[2]
        raise SandboxError("the container answers with nonsense")


class _Inside:
    """A Group: one `exec` and what it runs in the container, which keeps the limits itself."""

    looks_s: tuple[float, ...] = (60.0,)

    def __init__(self, process: subprocess.Popen[bytes], container: Container) -> None:
        self.process, self._container = process, container
        self._lock = threading.Lock()
        self._insisting: threading.Thread | None = None

    def usage(self) -> Usage | None:
        return None

    def memory(self) -> int:
        return 0

    def kill(self) -> None:
        self._container.clear()
        with self._lock:
            if self.process.poll() is None and self._insisting is None:
                self._insisting = threading.Thread(target=self._insist, daemon=True)
                self._insisting.start()

    def end(self) -> None:
        """Returns when no order of this group's is under way any more: a late one would hit the next command."""
        if self.process.poll() is None:
            self.kill()
        with self._lock:
            insisting = self._insisting
        if insisting is not None:
            insisting.join()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _insist(self) -> None:
        """Until the engine's program has ended by itself: an order may come before what it is to kill has started."""
        started = time.monotonic()
        while (passed_s := time.monotonic() - started) < _DEATH_S:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_AGAIN_S)
                return
            self._container.clear()
            if passed_s > _PATIENCE_S:
                self._discard()
        self._container.destroy()
        self.process.kill()

    def _discard(self) -> None:
        """Nobody reads after a timeout, and the engine's program ends only when it got rid of all output."""
        pipe = self.process.stdout
        assert pipe is not None
        for _ in range(64):
            with contextlib.suppress(OSError, ValueError):  # closed meanwhile
                if pipe.read(1 << 16):
                    continue
            return


def _begins(process: subprocess.Popen[bytes]) -> bool:
    """Wait for the first bytes, which are ours; False where the engine gave up before."""
    pipe = process.stdout
    assert pipe is not None
    poller = select.poll()
    poller.register(pipe.fileno(), select.POLLIN)
    deadline, missing = time.monotonic() + ANSWER_S, len(_BEGUN)
    while missing:
        if not poller.poll(1000 * max(0.0, deadline - time.monotonic())):
            return False
        part = os.read(pipe.fileno(), missing)
        if not part:
            process.wait()
            return False
        missing -= len(part)
    return True


def _words(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - 2000))
    return said.read().decode("utf-8", "replace").strip()[-500:]
