"""Many replays at once, in processes of their own, that end with the command whatever ends it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from llmsweep.cli.progress import say
from llmsweep.errors import UnfitError, UsageError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from llmsweep.analysis.contests import Run
    from llmsweep.sweep.contest import Contest
    from llmsweep.sweep.replay import Replay

PLAIN_EVERY_S = 10.0


def carry_out(contest: Contest, count: int, processes: int) -> list[Run]:
    """Runs 0 to ``count`` - 1 of one strategy; progress on stderr.

    Raises UsageError where the strategy cannot run on the table, UnfitError where a process was killed.
    """
    from concurrent.futures.process import BrokenProcessPool
    from functools import partial

    from llmsweep.sweep.contest import carry_out as one

    with _workers(min(processes, count)) as pool:
        try:
            return [
                _as_arrays(contest, replay)
                for replay in _told(contest.name, count, pool.map(partial(one, contest), range(count)))
            ]
        except BrokenProcessPool as e:
            raise UnfitError(
                f"{contest.name}: a process was killed, for want of memory perhaps; try processes=1 or fewer episodes."
            ) from e
        except UsageError as e:
            _end(pool)
            # Strategies call their parameters as a sweep does.
            own = str(e).removeprefix("strategy.")
            raise UsageError(f"{contest.name}.{own}" if own != str(e) else own) from e
        except BaseException:
            _end(pool)
            raise


def _workers(processes: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # One thread of linear algebra a process: more would only wait for one another.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_quietly)


def _quietly() -> None:
    """Ctrl-C reaches every process of a terminal; the command alone answers it, and ends the others."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(pool: ProcessPoolExecutor) -> None:
    """End what has begun and drop the rest: nobody will read it."""
    import multiprocessing

    for child in multiprocessing.active_children():
        child.terminate()
    pool.shutdown(wait=True, cancel_futures=True)


def _told(name: str, count: int, replays: Iterator[Replay]) -> Iterator[Replay]:
    """The same, while saying how far they are: a bar on a terminal, else a line now and then."""
    from rich.console import Console
    from rich.progress import track

    if sys.stderr.isatty():
        yield from track(
            replays, name, total=count, console=Console(file=sys.stderr), transient=True, update_period=0.5
        )
        return
    said = time.monotonic()
    for done, replay in enumerate(replays, start=1):
        yield replay
        if time.monotonic() - said > PLAIN_EVERY_S:
            said = time.monotonic()
            say(f"{name}: {done}/{count} runs")


def _as_arrays(contest: Contest, replay: Replay) -> Run:
    from llmsweep.analysis.contests import Run

    if not replay.looks:
        raise UsageError(
            f"{contest.name}: it could not run one episode of the table within episodes={contest.terms.most};"
            " does the table hold the cells of a grid?"
        )
    rows: Sequence[tuple[float, ...]] = [
        (look.episodes, look.cost, look.right, look.belief, look.regret) for look in replay.looks
    ]
    return Run.of(rows, ended=replay.ended)
