"""How long a machine was busy with each attempt: what was measured, shared among those that were in flight together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from llmsweep.types import Episode, Turn

Floats = NDArray[np.float64]


def measured_seconds(episodes: Sequence[Episode]) -> Floats:
    """Busy seconds of the machine for each episode, in their order; see `shared`."""
    return shared(
        np.array([start_of(episode.started_at) for episode in episodes], dtype=np.float64),
        np.array([episode.duration_s for episode in episodes], dtype=np.float64),
        np.array([sum(turn.duration_s for turn in e.turns) for e in episodes], dtype=np.float64),
        np.array([max(1, episode.concurrency) for episode in episodes], dtype=np.float64),
    )


def shared(started: Floats, lasted: Floats, completing: Floats, slots: Floats) -> Floats:
    """Of every second in which n episodes were in flight each has 1/n, as far as its completions took it.

    ``started``: seconds of any clock, NaN where nobody knows; ``lasted``: seconds of the whole episode; ``completing``:
    the part in which it waited for the model (loading, reading and writing); ``slots``: how many could be in flight. The
    shares of all episodes add up to the time in which the machine was busy: a machine that serves four at once is not
    charged four times. No share is smaller than a full machine would give.
    """
    whole = np.maximum(lasted, completing)
    least = whole / slots
    known = np.isfinite(started)
    share = least.copy()
    if known.any():
        begin, end = started[known], started[known] + whole[known]
        times = np.concatenate([begin, end])
        steps = np.concatenate([np.ones(len(begin)), -np.ones(len(end))])
        order = np.argsort(times, kind="stable")
        at, flying = times[order], np.cumsum(steps[order])
        gained = np.concatenate([[0.0], np.cumsum(np.diff(at) / np.maximum(flying[:-1], 1))])
        share[known] = np.interp(end, at, gained) - np.interp(begin, at, gained)
    share = np.minimum(whole, np.maximum(share, least))
    return np.asarray(share * completing / np.where(whole > 0, whole, 1.0))


def parts(turn: Turn) -> tuple[float, float, float]:
    """Seconds of loading, reading and writing of one completion: the server's, else by the first piece of the answer."""
    load = turn.load_s or 0.0
    if turn.prefill_s is not None and turn.decode_s is not None:
        return load, turn.prefill_s, turn.decode_s
    first = turn.duration_s if turn.ttft_s is None else min(turn.ttft_s, turn.duration_s)
    return load, max(0.0, first - load), turn.duration_s - first


def start_of(at: str) -> float:
    """Seconds since the epoch; NaN where it was not written down."""
    try:
        return datetime.fromisoformat(at).timestamp()
    except ValueError:
        return float("nan")
