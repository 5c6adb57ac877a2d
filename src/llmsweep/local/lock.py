"""Never pull during a sweep, never two sweeps on one machine: lock files that are freed however a process ends.

A sweep holds ``sweep.lock`` shared, and the lock of the machine that serves its model. A pull holds ``pull.lock``
(so pulls go one after another) and then ``sweep.lock`` exclusively: as only one pull at a time tries that, its
failure always means a sweep.
A home folder that several machines share also shares these two: pulls then wait too often, never too seldom.
The locks are one user's: sweeps of two users on one machine do not see each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from llmsweep.errors import UnfitError

HERE = "here"
"""What `holding` calls this machine."""


@contextmanager
def sweeping() -> Iterator[None]:
    """Hold off pulls while a sweep measures; several sweeps may. Raises UnfitError while a pull runs."""

    def refuse() -> None:
        raise UnfitError(
            "a pull is running on this machine and would disturb the measurements; "
            "start the sweep again when it is done"
        )

    with _held("sweep.lock", exclusive=False, on_busy=refuse):
        yield


@contextmanager
def holding(machine: str, *, shared: bool = False) -> Iterator[None]:
    """Have a machine to one sweep alone, its loads included; or ``shared``, with others that share it too.

    ``machine``: its name, as every sweep of this user calls it; `HERE` for this one. Raises UnfitError while
    another sweep has it, or (unless ``shared``) shares it.
    """

    def refuse() -> None:
        raise UnfitError(
            f"another sweep is measuring on {'this machine' if machine == HERE else machine}: two at once would"
            " measure each other; wait for it (only sweeps that all say host.exclusive=false share a machine)"
        )

    name = re.sub(r"[^A-Za-z0-9.-]", "_", _this_machine() if machine == HERE else machine)
    with _held(f"host-{name}.lock", exclusive=not shared, on_busy=refuse):
        yield


@contextmanager
def pulling(on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold off sweeps and other pulls. Calls ``on_wait`` once if another pull runs, then waits for it.

    Raises UnfitError while a sweep runs: a download takes its network, disk and processor time.
    """

    def refuse() -> None:
        raise UnfitError(
            "a sweep is running on this machine and a pull would disturb its measurements; "
            "pull again when it is done"
        )

    with (
        _held("pull.lock", exclusive=True, on_busy=on_wait),
        _held("sweep.lock", exclusive=True, on_busy=refuse),
    ):
        yield


@contextmanager
def _held(name: str, *, exclusive: bool, on_busy: Callable[[], None]) -> Iterator[None]:
    """Hold one lock file. When it is taken, ``on_busy`` either raises or returns in order to wait."""
    with ExitStack() as opened:
        try:
            path = _folder() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            file = opened.enter_context(path.open("a"))
            if not _taken(file, exclusive, wait=False):
                on_busy()
                _taken(file, exclusive, wait=True)
        except OSError as e:
            raise UnfitError(f"cannot use the lock file {path}: {e.strerror or e}") from e
        yield


def _this_machine() -> str:
    """What tells this machine from others that share its home folder, where something does; `HERE` elsewhere.

    Not its name, which a network may change in the middle of a sweep.
    """
    with suppress(OSError):
        return Path("/etc/machine-id").read_text(encoding="ascii").strip() or HERE
    return HERE


def _folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("llmsweep")


def _taken(file: IO[str], exclusive: bool, *, wait: bool) -> bool:
    """Whether the lock was got; with ``wait`` it always is. Closing the file gives it back."""
    try:
        import fcntl
    except ImportError as e:
        raise UnfitError(
            "this system has no file locks (fcntl); on Windows run llmsweep inside of WSL"
        ) from e
    how = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    try:
        fcntl.flock(file, how if wait else how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
