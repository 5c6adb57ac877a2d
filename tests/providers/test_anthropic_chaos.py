"""What goes wrong on the way to Anthropic's API and back: each fault is told apart, and none is counted as an answer."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator

import pytest
from anthropic_made import ASKED, KEY, PLAIN, ask, fault, made, text

from llmsweep.errors import ProviderError
from llmsweep.providers import retry
from llmsweep.testing import AnthropicServer, Reply
from llmsweep.types import Exchange

HI = [text("Hi")]


@pytest.fixture(scope="module")
def claude() -> Iterator[AnthropicServer]:
    with AnthropicServer() as server:
        yield server


@pytest.fixture
def server(claude: AnthropicServer) -> AnthropicServer:
    claude.forget()
    return claude


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)


def said(kind: str, message: str = "no") -> dict:
    return {"type": "error", "error": {"type": kind, "message": message}}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_these_are_worth_another_try(server, status):
    error = fault(server, Reply(status=status, error=said("overloaded_error", "Overloaded")))
    assert (error.retryable, error.fatal, error.refused) == (True, False, True)
    assert f"answered {status}: Overloaded" in str(error)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401, error=said("authentication_error")),
        Reply(status=403, error=said("permission_error")),
        Reply(status=404, error=said("not_found_error")),
        Reply(status=402, error=said("billing_error")),
        Reply(status=400, error=said("invalid_request_error", "Your credit balance is too low to access")),
        Reply(
            status=429,
            error={"error": {"message": "x", "details": {"error_code": "contract_spend_limit_reached"}}},
        ),
    ],
    ids=lambda reply: f"{reply.status}",
)
def test_these_stop_the_sweep(server, reply):
    error = fault(server, reply)
    assert (error.retryable, error.fatal) == (False, True)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_these_are_the_episodes_own(server, status):
    error = fault(server, Reply(status=status, error=said("invalid_request_error")))
    assert (error.retryable, error.fatal) == (False, False)


def test_the_service_says_when_to_come_back(server):
    busy = Reply(status=429, headers={"retry-after": "7"}, error=said("rate_limit_error"))
    assert fault(server, busy).retry_after_s == 7.0
    server.script(busy, Reply(status=529, error=said("overloaded_error")), Reply(blocks=HI))
    waits: list[float] = []
    with made(server) as provider:
        got = retry.complete(provider, ASKED, (), PLAIN, sleep=waits.append)
    assert (got.message.content, got.retries) == ("Hi", 2)
    assert waits[0] == 7.0
    assert waits[1] < 7.0


@pytest.mark.parametrize(
    ("kind", "retryable", "fatal"),
    [
        ("overloaded_error", True, False),
        ("rate_limit_error", True, False),
        ("api_error", True, False),
        ("something_new", True, False),
        ("invalid_request_error", False, False),
        ("authentication_error", False, True),
    ],
)
def test_an_error_in_the_middle_of_an_answer(server, kind, retryable, fatal):
    error = fault(server, Reply(blocks=HI, extra=[said(kind, "Overloaded")]))
    assert (error.retryable, error.fatal, error.refused) == (retryable, fatal, False)
    assert "in the middle of an answer" in str(error)
    assert "Overloaded" in str(error)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(blocks=HI, ends="dropped"), "the connection failed"),
        (Reply(blocks=HI, stop=None), "no message_stop"),
        (
            Reply(
                blocks=HI, stop=None, extra=[{"type": "message_delta", "delta": {"stop_reason": "end_turn"}}]
            ),
            "no message_stop",
        ),
        (Reply(blocks=HI, stop=None, extra=[{"type": "message_stop"}]), "no message_stop"),
        (Reply(blocks=HI, garbage='data: {"type": [}'), "malformed event"),
        (Reply(blocks=HI, garbage='data: {"index": 0}'), "malformed event"),
        (Reply(blocks=HI, garbage="data: \u00ff\x01{"), "malformed event"),
        (
            Reply(extra=[{"type": "content_block_delta", "index": 9, "delta": {"type": "text_delta"}}]),
            "block 9, which never began",
        ),
        (
            Reply(extra=[{"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use"}}]),
            "call without id or name",
        ),
        (Reply(blocks=HI, content_type="text/html"), "answered with text/html, not with a stream"),
    ],
)
def test_an_answer_that_breaks_off_is_a_retryable_fault(server, reply, words):
    error = fault(server, reply)
    assert (error.retryable, error.refused) == (True, False)
    with pytest.raises(ProviderError, match=words):
        raise error


def test_silence_is_a_fault_but_a_long_answer_is_not(server):
    slow = Reply(blocks=[text("x" * 20)], gap_s=0.1)
    assert ask(server, slow, idle_timeout_s=0.3).message.content == "x" * 20
    thinking_long = Reply(blocks=HI, pings=5, gap_s=0.1)
    assert ask(server, thinking_long, idle_timeout_s=0.3).message.content == "Hi"
    for stuck in (Reply(blocks=HI, ends="stalled"), Reply(silent_s=30)):
        error = fault(server, stuck, idle_timeout_s=0.3)
        assert error.retryable
        assert "no answer in time" in str(error)


def test_a_kept_connection_that_closes_under_a_request_is_no_fault(server):
    server.script(*[Reply(blocks=HI, ends="hanging up")] * 3)
    with made(server) as provider:
        got = [provider.complete(ASKED, (), PLAIN) for _ in range(3)]
    assert [(c.message.content, c.retries) for c in got] == [("Hi", 0)] * 3
    assert len(server.asked) == 3


def test_a_slow_first_byte_is_in_the_clocks(server):
    got = ask(server, Reply(blocks=HI, silent_s=0.2))
    assert 0.2 <= got.ttft_s <= got.duration_s


def test_the_clocks_agree_with_the_servers_own(server):
    server.script(*[Reply(blocks=HI, silent_s=0.02)] * 20)
    with made(server) as provider:
        mine = [provider.complete(ASKED, (), PLAIN).ttft_s for _ in range(20)]
    late = [a - asked.delay_s for a, asked in zip(mine, server.asked, strict=True)]
    assert statistics.median(late) < 0.02


def test_a_server_that_dies_is_a_retryable_fault_and_nothing_is_kept_of_its_answer():
    overheard: list[Exchange] = []
    with AnthropicServer() as server:
        server.script(Reply(blocks=HI, ends="stalled"))
        provider = made(server)
        provider.listen(overheard.append)
        with provider:
            dying = threading.Thread(target=server.kill)
            with pytest.raises(ProviderError) as caught:
                provider.complete(ASKED, (), PLAIN, lambda kind, text: dying.start())
            dying.join()
            assert caught.value.retryable
            with pytest.raises(ProviderError) as again:
                provider.complete(ASKED, (), PLAIN)
            assert again.value.retryable
    assert [(bool(e.reply), e.status) for e in overheard] == [(True, 200), (False, None)]


@pytest.mark.parametrize(
    "stuck",
    [Reply(silent_s=30), Reply(blocks=HI, ends="stalled"), Reply(blocks=HI, pings=1000, gap_s=0.05)],
    ids=["before the headers", "in the answer", "while it pings"],
)
def test_abort_wakes_those_that_wait_at_once(server, stuck):
    server.script(*[stuck] * 4)
    errors: list[ProviderError] = []

    def wait() -> None:
        with pytest.raises(ProviderError) as caught:
            provider.complete(ASKED, (), PLAIN)
        errors.append(caught.value)

    with made(server) as provider:
        waiting = [threading.Thread(target=wait) for _ in range(4)]
        for thread in waiting:
            thread.start()
        while len(server.asked) < 4:
            time.sleep(0.01)
        started = time.perf_counter()
        provider.abort()
        for thread in waiting:
            thread.join(10)
        assert time.perf_counter() - started < 1
    assert [(str(e), e.retryable, e.fatal) for e in errors] == [("aborted", False, False)] * 4


def test_it_is_of_no_use_outside_of_its_with_block(server):
    with pytest.raises(ProviderError, match="outside of its with block"):
        made(server).complete(ASKED, (), PLAIN)
