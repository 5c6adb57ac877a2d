"""How far TTFT is off, against a server in another process that says when it wrote each first token.

The error is TTFT minus the delay that the server measured between a request's first byte and its answer's: what
writing, the loopback, scheduling and our reading add. Every stream goes on with 50 tokens a second, so
that the sixteen read and decode beside one another's first tokens.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmsweep.providers.openai import OpenAICompatible
from llmsweep.testing.server import Answer, Piece, SseServer, text
from llmsweep.types import Completion, Message, Sampling

ASKED = (Message(role="user", content="hi"),)
TOKENS = 25
CALLS = 320
P50_S, P99_S = 0.001, 0.005


def answer(number: int, delay_s: float) -> Answer:
    """A role at once, the first token after ``delay_s``; its usage bears its number back."""
    role = Piece({"role": "assistant", "content": ""})
    rest = [text("b", 0.02)] * TOKENS
    return Answer(pieces=[role, text("a", delay_s), *rest], usage={"completion_tokens": number})


def errors(server: SseServer, provider: OpenAICompatible, streams: int, calls: int) -> list[float]:
    """Seconds by which TTFT is off, one a call, sorted."""
    drawn = random.Random(streams)
    server.forget()
    server.script(*(answer(number, drawn.uniform(0.02, 0.15)) for number in range(calls)))

    def ask(_: int) -> Completion:
        return provider.complete(ASKED, (), Sampling())

    with ThreadPoolExecutor(streams) as pool:
        got = list(pool.map(ask, range(calls)))
    seen = server.seen
    return sorted(c.ttft_s - seen[c.usage.output_tokens].delay_s for c in got)


@pytest.mark.slow
@pytest.mark.parametrize("streams", [1, 16])
def test_ttft_is_right(benchmark, streams: int):
    calls = CALLS if streams > 1 else 60
    with (
        SseServer() as server,
        OpenAICompatible(model="stub", base_url=server.base_url, slots=16) as provider,
    ):
        off = benchmark.pedantic(errors, args=(server, provider, streams, calls), rounds=1)
    p50, p99 = off[len(off) // 2], off[int(len(off) * 0.99)]
    benchmark.extra_info.update(
        streams=streams,
        calls=calls,
        error_ms_p50=p50 * 1e3,
        error_ms_p99=p99 * 1e3,
        error_ms_max=off[-1] * 1e3,
    )
    benchmark.extra_info["compared"] = {"error_ms_p50": p50 * 1e3}
    assert off[0] >= 0, "an answer cannot be read before it is written"
    assert p50 <= P50_S
    assert p99 <= P99_S
