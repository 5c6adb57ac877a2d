"""How fast a model decoded beside what the machine's memory allows at most: a measured figure far below it wants a reason."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from llmsweep.cli.build import Sweep
from llmsweep.cli.fit import shape_here
from llmsweep.cli.progress import say
from llmsweep.errors import UnfitError
from llmsweep.local.host import decode_bound
from llmsweep.local.sources import parse_source
from llmsweep.store import read_episodes
from llmsweep.types import Episode


def tell_speed(sweep: Sweep) -> None:
    """One line, where the host's bandwidth is known and the server says how long it decoded."""
    if sweep.host.bandwidth_gb_s is None or sweep.model.source is None:
        return
    rate = decode_rate(read_episodes(sweep.folder))
    try:
        shape = shape_here(sweep.model.name, parse_source(sweep.model.source))
    except UnfitError:
        return
    if rate is None:
        return
    # Of a mixture of experts only some weights are read for a token; how many bytes those are is not in its metadata.
    bound = None if shape.experts else decode_bound(sweep.host, shape.weights)
    most = "" if bound is None else f"; the memory of host {sweep.host.name} allows at most {bound:.0f}"
    say(f"decoding: {rate:.0f} tokens/s a stream (median of turns){most}")


def decode_rate(episodes: Iterable[Episode]) -> float | None:
    """Tokens per second of the median turn: (output tokens - 1) / the server's own decoding seconds."""
    rates = [
        (turn.usage.output_tokens - 1) / turn.decode_s
        for episode in episodes
        for turn in episode.turns
        if not turn.frontier
        and turn.decode_s
        and (turn.usage.output_tokens or 0) > 1
        and turn.usage.output_tokens
    ]
    return statistics.median(rates) if rates else None
