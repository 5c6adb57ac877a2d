from __future__ import annotations

import time

import pytest

from llmsweep.errors import UsageError
from llmsweep.providers.scripted import Scripted
from llmsweep.types import Completion, Message, Sampling


def said(provider: Scripted, *messages: Message, **sampling) -> str:
    with provider:
        return provider.complete(messages, (), Sampling(**sampling)).message.content


def user(text: str) -> Message:
    return Message(role="user", content=text)


def test_the_reply_is_the_first_whose_part_occurs_in_the_task():
    provider = Scripted(replies={"add": "A", "sub": "S"}, reply="?")
    assert said(provider, user("please sub")) == "S"
    assert said(provider, user("please div")) == "?"
    later = (user("please add"), Message(role="assistant", content="A"), user("The check of sub failed."))
    assert said(provider, *later) == "A"


def test_a_list_gives_one_answer_a_turn_and_then_the_last():
    provider = Scripted(answers=["one", Message(role="assistant", content="two")])
    done = Message(role="assistant", content="x")
    assert [said(provider, user("q"), *[done] * turns) for turns in (0, 1, 2)] == ["one", "two", "two"]


def test_a_function_is_asked_and_its_completion_given_as_it_is():
    given = Completion(message=Message(role="assistant", content="y"), ttft_s=1.5, stop_reason="refusal")
    with Scripted(answers=lambda messages, tools, sampling: given) as provider:
        assert provider.complete((user("q"),), (), Sampling()) is given


@pytest.mark.parametrize(("temperature", "share"), [(0.0, 0.9), (0.6, 0.6), (1.2, 0.3), (2.0, 0.3)])
def test_the_share_of_right_answers_is_the_one_asked_for(temperature: float, share: float):
    provider = Scripted(reply="right", wrong="wrong", right_share={1.2: 0.3, 0.0: 0.9})
    n = 2000
    with provider:
        right = sum(said(provider, user("q"), temperature=temperature, seed=s) == "right" for s in range(n))
    # Five standard errors: a draw of these seeds, the same every time.
    assert abs(right / n - share) < 5 * (share * (1 - share) / n) ** 0.5


def test_what_one_seed_solves_when_hot_it_solves_when_cold():
    provider = Scripted(reply="right", wrong="wrong", right_share={0.0: 0.9, 1.2: 0.3})
    hot, cold = (
        {s for s in range(200) if said(provider, user("q"), temperature=t, seed=s) == "right"}
        for t in (1.2, 0.0)
    )
    assert hot < cold


def test_another_script_is_another_revision():
    revisions = {Scripted(reply=r, right_share=s).revision() for r in "ab" for s in (None, {0: 0.5})}
    assert len(revisions) == 4
    assert Scripted(reply="a").revision() in revisions


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"slots": 0}, "slots=0"),
        ({"right_share": {0.5: 2}}, r"right_share.0.5=2"),
        ({"answers": []}, "answers"),
    ],
)
def test_arguments_that_cannot_be_right_are_refused(arguments, named):
    with pytest.raises(UsageError, match=named):
        Scripted(**arguments)


def test_a_call_costs_little():
    provider = Scripted(replies={"add": "x" * 4000}, right_share={0.0: 0.9})
    asked = (user("add " * 2000),)
    with provider:
        before = time.process_time()
        for seed in range(500):
            provider.complete(asked, (), Sampling(seed=seed))
        assert (time.process_time() - before) / 500 < 200e-6
