"""No call is made whose worst case would break the cap, and every one is counted."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from llmsweep.errors import ProviderError, UsageError
from llmsweep.prices import Price
from llmsweep.providers.metered import Meter, Metered, SpentError
from llmsweep.providers.scripted import Scripted
from llmsweep.types import Completion, Message, Sampling, Tool, Usage

PRICE = Price(id="p", input=1.0, output=10.0, cached_input=0.1, cache_write=1.25)
ASKED = (Message(role="user", content="x" * 500),)
SAMPLING = Sampling(max_tokens=1000)


def answer(**usage: int) -> Completion:
    return Completion(message=Message(role="assistant", content="ok"), usage=Usage(**usage))


def metered(given: Completion, cap: float | None = None) -> Metered:
    return Metered(Scripted(answers=[given]), Meter(price=PRICE, cap=cap))


def test_a_call_costs_what_its_tokens_cost():
    provider = metered(answer(input_tokens=1_000_000, cached_tokens=400_000, output_tokens=100_000))
    with provider:
        provider.complete(ASKED, (), SAMPLING)
    assert provider.meter.spent == pytest.approx(0.6 * 1.25 + 0.4 * 0.1 + 1.0)


def test_only_what_was_written_to_a_cache_costs_its_price():
    usage = Usage(input_tokens=1_000_000, cached_tokens=400_000, cache_write_tokens=100_000, output_tokens=0)
    assert PRICE.dollars(usage) == pytest.approx(0.4 * 0.1 + 0.1 * 1.25 + 0.5 * 1.0)


def test_a_long_prompt_has_its_own_price():
    tiered = replace(PRICE, above=1000, long=replace(PRICE, input=5.0, cache_write=None))
    short, long = Usage(input_tokens=1000, output_tokens=0), Usage(input_tokens=1001, output_tokens=0)
    assert tiered.dollars(short) == PRICE.dollars(short)
    assert tiered.dollars(long) == pytest.approx(1001 * 5.0 / 1e6)
    assert tiered.most(1001, 10) == pytest.approx((1001 * 5.0 + 10 * 10.0) / 1e6)


def test_unreported_tokens_count_as_the_worst_case():
    provider = metered(answer())
    with provider:
        provider.complete(ASKED, (), SAMPLING)
    assert provider.meter.spent > 1000 * 10 / 1e6 + 500 * 1.25 / 1e6


def test_a_call_that_could_break_the_cap_is_not_made():
    asked: list[Sampling] = []

    def reply(messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling) -> Completion:
        asked.append(sampling)
        return answer(input_tokens=200, output_tokens=10)

    provider = Metered(Scripted(answers=reply), Meter(price=PRICE, cap=0.02))

    def spend() -> None:
        while len(asked) < 100:
            provider.complete(ASKED, (), SAMPLING)

    with provider, pytest.raises(SpentError, match=r"envelope.dollars=0.02 is spent") as refusal:
        spend()
    assert not refusal.value.fatal
    assert not refusal.value.retryable
    assert 0 < len(asked) < 100
    assert provider.meter.spent <= 0.02
    assert provider.meter.full is not None


def test_the_cap_holds_for_many_threads_at_once():
    dear = answer(input_tokens=500, output_tokens=1000)
    provider = metered(dear, cap=0.05)

    def ask(_: int) -> bool:
        try:
            provider.complete(ASKED, (), SAMPLING)
        except SpentError:
            return False
        return True

    with provider, ThreadPoolExecutor(8) as pool:
        made = list(pool.map(ask, range(50)))
    assert any(made)
    assert not all(made)
    assert provider.meter.spent <= 0.05


@pytest.mark.parametrize(("refused", "costs"), [(True, False), (False, True)])
def test_a_broken_call_costs_its_prompt_and_a_refused_one_nothing(refused: bool, costs: bool):
    def reply(messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling) -> Completion:
        raise ProviderError("no", refused=refused)

    provider = Metered(Scripted(answers=reply), Meter(price=PRICE, cap=1.0))
    with provider, pytest.raises(ProviderError):
        provider.complete(ASKED, (), SAMPLING)
    assert (provider.meter.spent > 0) == costs


def test_a_price_below_nothing_is_refused():
    with pytest.raises(UsageError, match="output=-1"):
        replace(PRICE, output=-1)
