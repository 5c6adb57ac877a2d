from __future__ import annotations

import threading
import time

import pytest

from llmsweep.errors import ProviderError
from llmsweep.providers.retry import complete
from llmsweep.providers.scripted import Scripted
from llmsweep.types import Completion, Message, Sampling

ASKED = (Message(role="user", content="hi"),)


class Failing(Scripted):
    """Fails with the given errors first."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__(reply="well")
        self.errors = list(errors)

    def complete(self, messages, tools, sampling, on_chunk=None) -> Completion:
        if self.errors:
            raise self.errors.pop(0)
        return super().complete(messages, tools, sampling, on_chunk)


def busy(retry_after_s: float | None = None) -> ProviderError:
    return ProviderError("busy", retryable=True, retry_after_s=retry_after_s)


def tried(*errors: Exception, tries: int = 4) -> tuple[Completion, list[float]]:
    waits: list[float] = []
    return complete(Failing(*errors), ASKED, (), Sampling(), tries=tries, sleep=waits.append), waits


def test_a_first_success_waits_for_nothing():
    completion, waits = tried()
    assert (completion.message.content, completion.retries, waits) == ("well", 0, [])


def test_waits_double_and_retries_are_counted():
    completion, waits = tried(busy(), busy(), busy())
    assert completion.retries == 3
    assert all(low <= wait <= 2 * low for low, wait in zip((0.5, 1, 2), waits, strict=True))


def test_the_servers_wish_is_heard():
    _, waits = tried(busy(9.0), busy(0.1))
    assert waits[0] == 9.0
    assert waits[1] >= 1


def test_it_does_not_wait_for_hours():
    with pytest.raises(ProviderError, match="busy"):
        tried(busy(3600))


@pytest.mark.parametrize("error", [ProviderError("bad"), ProviderError("no", fatal=True), KeyError("x")])
def test_what_will_not_get_better_is_raised_at_once(error):
    provider = Failing(error, error)
    with pytest.raises(type(error)) as caught:
        complete(provider, ASKED, (), Sampling(), sleep=lambda s: None)
    assert caught.value is error
    assert len(provider.errors) == 1


def test_the_last_error_is_raised_when_tries_are_used_up():
    provider = Failing(*[busy() for _ in range(9)])
    with pytest.raises(ProviderError, match="busy"):
        complete(provider, ASKED, (), Sampling(), tries=3, sleep=lambda s: None)
    assert len(provider.errors) == 6


def test_an_abort_ends_the_waiting():
    provider = Failing(busy(60))
    timer = threading.Timer(0.2, provider.abort)
    timer.start()
    started = time.perf_counter()
    with pytest.raises(ProviderError, match="aborted"):
        complete(provider, ASKED, (), Sampling())
    timer.join()
    assert time.perf_counter() - started < 1.2
