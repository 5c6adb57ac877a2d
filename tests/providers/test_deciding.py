"""Reading a decision: the word out of an answer, its probability out of logprobs, and who pays and who tries again."""

from __future__ import annotations

import math

import pytest

from llmsweep.errors import ProviderError, UsageError
from llmsweep.prices import Price
from llmsweep.providers.deciding import Decides, Question, Token, check_form, decide, form_of, likely, said
from llmsweep.providers.metered import Meter, Metered
from llmsweep.providers.openai import OpenAICompatible
from llmsweep.providers.retry import decide as decide_with_retries
from llmsweep.providers.scripted import Scripted
from llmsweep.testing import Answer, Model, SseServer
from llmsweep.types import Completion, Message, Sampling, StopReason, ToolCall, Usage

ASKED = (Message(role="user", content="Is it work? [wake]"),)
VERDICT = Question(field="verdict", words=("wake", "skip"))


def answer(content: str = "", stop: StopReason = "stop", **more: object) -> Completion:
    message = Message(role="assistant", content=content, **more)  # type: ignore[arg-type]
    return Completion(message=message, stop_reason=stop, usage=Usage(input_tokens=10, output_tokens=4))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('{"verdict": "wake"}', "wake"),
        ('  {"verdict":"skip"}\n', "skip"),
        ('```json\n{"verdict": "skip"}\n```', "skip"),
        ("Wake.", "wake"),
        ('"skip"', "skip"),
        ("", None),
        ("wake up", None),
        ("I would skip it", None),
        ('{"verdict": "Wake"}', None),
        ('{"verdict": "wake", "why": "x"}', None),
        ('{"decision": "wake"}', None),
        ('{"verdict": ["wake"]}', None),
        ('["wake"]', None),
        ('{"verdict": "wake"} {"verdict": "skip"}', None),
    ],
)
def test_only_the_form_is_a_word(content: str, word: str | None):
    assert said(VERDICT, answer(content)) == word


@pytest.mark.parametrize("stop", ["length", "context", "refusal"])
def test_an_answer_that_was_cut_or_refused_is_none(stop: StopReason):
    assert said(VERDICT, answer('{"verdict": "wake"}', stop)) is None


def test_a_call_is_read_by_its_arguments_and_two_are_none():
    call = ToolCall(id="1", name="decide", arguments='{"verdict": "skip"}')
    assert said(VERDICT, answer("Here:", "tool_calls", tool_calls=(call,))) == "skip"
    assert said(VERDICT, answer("", "tool_calls", tool_calls=(call, call))) is None


def tokens(*pieces: str, top: dict[str, float]) -> list[Token]:
    """The alternatives stand at the last piece."""
    logprobs = {text: math.log(share) for text, share in top.items()}
    return [*(Token(piece, {piece: 0.0}) for piece in pieces[:-1]), Token(pieces[-1], logprobs)]


@pytest.mark.parametrize(
    ("pieces", "top", "wake"),
    [
        (('{"verdict": "', "wake"), {"wake": 0.6, "skip": 0.2, "wait": 0.2}, 0.75),
        (('{"', "verdict", '":', ' "', "w"), {"w": 0.3, "s": 0.3, "sk": 0.3}, 1 / 3),
        (('{"verdict"', ":", '"sk'), {'"sk': 0.9, '"w': 0.05, '"': 0.05}, 0.05 / 0.95),
        (("```json\n", '{\n  "verdict": "', "skip"), {"skip": 0.5}, 0.0),
    ],
)
def test_the_token_that_says_which_gives_the_probability(
    pieces: tuple[str, ...], top: dict[str, float], wake: float
):
    found = likely(VERDICT, tokens(*pieces, top=top))
    assert found is not None
    assert found["wake"] == pytest.approx(wake)
    assert sum(found.values()) == pytest.approx(1)


def test_without_alternatives_or_without_a_word_there_is_no_probability():
    assert likely(VERDICT, []) is None
    assert likely(VERDICT, [Token('{"verdict": "', {}), Token("wake", {})]) is None
    assert likely(VERDICT, tokens("the ", "sea", top={"sea": 1.0})) is None


def test_a_provider_without_the_ability_is_asked_in_plain_text():
    plain = Scripted(reply="skip")
    assert not isinstance(plain, Decides)
    assert form_of(plain) == "text"
    with plain:
        found = decide(plain, ASKED, VERDICT, Sampling())
    assert (found.word, found.likely) == ("skip", None)


def test_a_form_that_there_is_not_is_refused():
    with pytest.raises(UsageError, match="answer_form=grammar"):
        check_form("grammar")
    with pytest.raises(UsageError, match="answer_form=tool"):
        OpenAICompatible(model="m", answer_form="tool")


def test_a_paid_decision_is_counted_and_keeps_the_form():
    price = Price(id="v/m", input=1.0, output=1.0)
    with SseServer() as server:
        paid = Metered(OpenAICompatible(model="stub", base_url=server.base_url), Meter(price=price))
        assert form_of(paid) == "json_schema"
        with paid:
            before = paid.meter.spent
            found = decide(paid, ASKED, VERDICT, Sampling(max_tokens=20))
            assert found.likely is not None
            assert found.likely["wake"] > 0.5
            assert paid.meter.spent > before
        plain = Metered(Scripted(reply="wake"), Meter(price=price))
        with plain:
            assert decide(plain, ASKED, VERDICT, Sampling()).word == "wake"
        assert plain.meter.spent > 0


def test_a_malformed_answer_is_not_asked_for_again_and_a_busy_server_is():
    with SseServer(Model(lies=frozenset({"no forms"}))) as server:
        provider = OpenAICompatible(model="stub", base_url=server.base_url, warm_up=False)
        with provider:
            server.script(Answer(status=503, error={"error": {"message": "busy"}}))
            found = decide_with_retries(
                provider, ASKED, VERDICT, Sampling(max_tokens=30), sleep=lambda _: None
            )
            assert found.word is None
            assert found.completion.retries == 1
            assert len(server.seen) == 2


def test_a_refused_form_says_which_settings_would_help():
    with SseServer() as server:
        provider = OpenAICompatible(model="stub", base_url=server.base_url, warm_up=False)
        server.script(Answer(status=400, error={"error": {"message": "response_format: unknown"}}))
        with provider, pytest.raises(ProviderError, match=r"provider\.answer_form=text"):
            decide(provider, ASKED, VERDICT, Sampling(max_tokens=30))


def test_text_form_sends_no_schema_and_no_wish_for_logprobs_where_told():
    with SseServer() as server:
        provider = OpenAICompatible(
            model="stub", base_url=server.base_url, warm_up=False, answer_form="text", logprobs=False
        )
        with provider:
            decide(provider, ASKED, VERDICT, Sampling(max_tokens=30))
        assert not {"response_format", "logprobs", "top_logprobs"} & server.seen[-1].body.keys()
