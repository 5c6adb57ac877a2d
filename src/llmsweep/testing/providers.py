"""What every provider must do, as tests to inherit.

A third party's test of its own provider::

    class TestMine(ProviderConformance):
        @pytest.fixture
        def provider(self):
            return Mine()          # not entered; its answers may be anything
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from llmsweep.errors import ProviderError, UsageError
from llmsweep.providers.base import Provider
from llmsweep.providers.deciding import Question, decide
from llmsweep.types import Completion, Exchange, Message, Sampling, Tool

ASKED = (
    Message(role="system", content="You are a helpful assistant."),
    Message(role="user", content="Tell me about the sea, at length."),
)
ADD = Tool(
    name="add",
    description="Add two numbers.",
    parameters={
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "required": ["a", "b"],
    },
)
GREEDY = Sampling(temperature=0.0, max_tokens=16, seed=1)
MARKS: dict[str, float] = {
    "temperature": 0.8125,
    "top_p": 0.9375,
    "top_k": 37,
    "min_p": 0.046875,
    "repeat_penalty": 1.0625,
}
"""Values that nothing else in a request has by chance."""
AWAKE_S = 1.0
"""Seconds within which an abort must have ended every completion."""
_WAIT_S = 60.0


class ProviderConformance:
    """What the contract in `llmsweep.providers.base` promises. Inherit and give a fixture ``provider``.

    The model behind it may be anything that answers `ASKED` with two tokens or more. ``long``: a sampling
    under which its answer takes several seconds, or None where no answer does, for the test of abort.
    """

    long: Sampling | None = Sampling(temperature=1.0, max_tokens=2000, seed=1)

    def test_says_what_it_is_before_it_is_entered(self, provider: Provider) -> None:
        assert provider.name
        assert provider.slots >= 1
        assert provider.revision() == provider.revision() != ""
        context = provider.context()
        assert context is None or context > 0

    def test_honours_or_refuses_each_setting(self, provider: Provider) -> None:
        provider.check(GREEDY)
        for sampling in (
            Sampling(reasoning=True),
            Sampling(reasoning="high"),
            Sampling(reasoning=True, echo_reasoning=True),
        ):
            words = refusal(provider, sampling)
            assert words is None or "reasoning" in words

    def test_each_sampling_setting_reaches_the_wire_or_is_refused_by_name(self, provider: Provider) -> None:
        asked = {
            knob: replace(GREEDY, max_tokens=2, **{knob: value})  # type: ignore[arg-type]
            for knob, value in MARKS.items()
        }
        refused = {
            knob: words
            for knob, sampling in asked.items()
            if (words := refusal(provider, sampling)) is not None
        }
        assert all(knob in words for knob, words in refused.items()), refused
        overheard: list[Exchange] = []
        with provider:
            provider.listen(overheard.append)
            for knob in asked.keys() - refused.keys():
                provider.complete(ASKED, (), asked[knob])
                sent = list(numbers(overheard[-1].request))
                assert MARKS[knob] in sent, f"{knob}={MARKS[knob]} is not in the request"
                provider.complete(ASKED, (), replace(GREEDY, max_tokens=2))
                sent = list(numbers(overheard[-1].request))
                assert MARKS[knob] not in sent, f"{knob} is still sent where it is not set"

    def test_answers_with_its_clocks_in_order(self, provider: Provider) -> None:
        with provider:
            started = time.perf_counter()
            answer = provider.complete(ASKED, (), GREEDY)
            elapsed_s = time.perf_counter() - started
        assert answer.message.role == "assistant"
        assert answer.message.content or answer.message.reasoning
        assert answer.retries == 0
        assert answer.ttft_s is not None
        assert 0 <= answer.ttft_s <= answer.duration_s <= elapsed_s
        if answer.message.content:
            assert answer.ttfo_s is not None
            assert answer.ttft_s <= answer.ttfo_s <= answer.duration_s
        else:
            assert answer.ttfo_s is None

    def test_reports_tokens_or_nothing(self, provider: Provider) -> None:
        with provider:
            usage = provider.complete(ASKED, (), GREEDY).usage
        if usage.input_tokens is not None:
            assert usage.input_tokens > 0
            assert (usage.cached_tokens or 0) <= usage.input_tokens
        if usage.output_tokens is not None:
            assert 0 < usage.output_tokens <= GREEDY.max_tokens
            assert (usage.reasoning_tokens or 0) <= usage.output_tokens

    def test_streams_what_it_returns(self, provider: Provider) -> None:
        heard: dict[str, list[str]] = {"reasoning": [], "content": [], "tool": []}
        with provider:
            answer = provider.complete(ASKED, (), GREEDY, lambda kind, text: heard[kind].append(text))
        assert "".join(heard["content"]) == answer.message.content
        assert "".join(heard["reasoning"]) == (answer.message.reasoning or "")
        assert bool(heard["tool"]) == bool(answer.message.tool_calls)

    def test_a_decision_is_one_of_the_words_or_none(self, provider: Provider) -> None:
        """Of a provider that has not `Decides` too: it is asked in plain text."""
        question = Question(field="verdict", words=("yes", "no"))
        with provider:
            found = decide(provider, ASKED, question, replace(GREEDY, max_tokens=48))
        assert found.word in (None, *question.words)
        assert found.completion.message.role == "assistant"
        if found.likely is not None:
            assert found.likely.keys() == set(question.words)
            assert abs(sum(found.likely.values()) - 1) < 1e-6

    def test_what_went_over_the_wire_is_overheard(self, provider: Provider) -> None:
        overheard: list[Exchange] = []
        with provider:
            provider.listen(overheard.append)
            provider.complete(ASKED, (), GREEDY)
            provider.listen(None)
            provider.complete(ASKED, (), GREEDY)
        ((request, reply),) = [(e.request, e.reply) for e in overheard]
        assert ASKED[1].content in json.dumps(request)
        assert reply

    def test_what_the_listener_raises_ends_the_completion(self, provider: Provider) -> None:
        class EnoughError(Exception):
            pass

        def listen(kind: str, text: str) -> None:
            raise EnoughError

        with provider:
            try:
                provider.complete(ASKED, (), GREEDY, listen)
            except EnoughError:
                pass
            else:
                raise AssertionError("the completion went on")
            assert provider.complete(ASKED, (), GREEDY).message.role == "assistant"

    def test_stops_at_max_tokens(self, provider: Provider) -> None:
        with provider:
            answer = provider.complete(ASKED, (), Sampling(max_tokens=2, seed=1))
        assert answer.stop_reason == "length"
        assert answer.usage.output_tokens in (None, 2)

    def test_the_same_seed_gives_the_same_answer(self, provider: Provider) -> None:
        for temperature in (0.0, 1.0):
            sampling = Sampling(temperature=temperature, max_tokens=12, seed=7)
            with provider:
                provider.complete(ASKED, (), sampling)  # so that a cached prompt is the same for both
                first, second = (provider.complete(ASKED, (), sampling).message for _ in range(2))
            assert first == second

    def test_a_full_context_is_an_answer_not_an_error(self, provider: Provider) -> None:
        context = provider.context()
        if context is None:
            return
        flood = Message(role="user", content="one two three four " * context)
        with provider:
            answer = provider.complete((flood,), (), GREEDY)
            assert answer.stop_reason == "context"
            assert provider.complete(ASKED, (), GREEDY).stop_reason in ("stop", "length")

    def test_takes_tools_and_their_results(self, provider: Provider) -> None:
        with provider:
            answer = provider.complete(ASKED, (ADD,), Sampling(max_tokens=64, seed=1))
            for call in answer.message.tool_calls:
                assert call.id
                assert call.name
                assert isinstance(call.arguments, str)
            if answer.message.tool_calls:
                assert answer.stop_reason in ("tool_calls", "length")
                results = [
                    Message(role="tool", content="3", tool_call_id=call.id)
                    for call in answer.message.tool_calls
                ]
                after = provider.complete((*ASKED, answer.message, *results), (ADD,), GREEDY)
                assert after.message.role == "assistant"

    def test_is_used_by_as_many_threads_as_it_has_slots(self, provider: Provider) -> None:
        def ask(number: int) -> Completion:
            asked = (Message(role="user", content=f"Tell me about the number {number}."),)
            return provider.complete(asked, (), GREEDY)

        with provider, ThreadPoolExecutor(provider.slots) as pool:
            answers = list(pool.map(ask, range(2 * provider.slots)))
        assert all(answer.ttft_s is not None for answer in answers)

    def test_can_be_entered_again(self, provider: Provider) -> None:
        for _ in range(2):
            with provider:
                assert not provider.complete(ASKED, (), GREEDY).cold

    def test_abort_ends_what_is_in_flight_and_refuses_the_rest(self, provider: Provider) -> None:
        if self.long is None:
            return
        sampling = self.long
        begun = threading.Event()
        ended: list[tuple[Exception | None, float]] = []

        def ask() -> None:
            error = failure(lambda: provider.complete(ASKED, (), sampling, lambda *_: begun.set()))
            ended.append((error, time.perf_counter()))

        with provider:
            asking = threading.Thread(target=ask)
            asking.start()
            assert begun.wait(_WAIT_S)
            aborted = time.perf_counter()
            provider.abort()
            asking.join(_WAIT_S)
            refused = failure(lambda: provider.complete(ASKED, (), GREEDY))
        ((error, at),) = ended
        assert isinstance(error, ProviderError), f"the completion was not broken off: {error!r}"
        assert not error.retryable
        assert at - aborted < AWAKE_S
        assert isinstance(refused, ProviderError)
        with provider:
            assert provider.complete(ASKED, (), GREEDY).message.role == "assistant"


def numbers(tree: object) -> Iterator[float]:
    """Every number in a request's body."""
    if isinstance(tree, dict | list):
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from numbers(part)
    elif isinstance(tree, int | float) and not isinstance(tree, bool):
        yield tree


def refusal(provider: Provider, sampling: Sampling) -> str | None:
    """The words with which the provider refuses a setting; None where it takes it."""
    try:
        provider.check(sampling)
    except UsageError as e:
        return str(e)
    return None


def failure(action: Callable[[], object]) -> Exception | None:
    """What the action raised."""
    try:
        action()
    except Exception as e:
        return e
    return None
