"""What is concluded from calls, without any server: cases that no test server can be made to show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from llmsweep.probe.answering import judge_context, judge_streaming, judge_tools
from llmsweep.probe.drawing import (
    Drawn,
    judge_narrowing,
    judge_penalty,
    judge_repeats,
    judge_seed,
    judge_temperature,
)
from llmsweep.probe.interview import Call
from llmsweep.probe.report import Finding
from llmsweep.probe.thinking import judge_echo, judge_levels, judge_reasoning, spare_levels
from llmsweep.probe.wire import differences, places
from llmsweep.types import Completion, Exchange, Message, Sampling, ToolCall, Usage

LONG = "the first half of this text is always the same, "


def call(text: str = "", *, request: dict[str, Any] | None = None, reply: str = "", **changes: Any) -> Call:
    parts = {k: changes.pop(k) for k in ("reasoning_text", "tool_calls") if k in changes}
    done = {k: changes.pop(k) for k in ("usage", "stop_reason") if k in changes}
    whole = {k: changes.pop(k) for k in ("pieces_s", "duration_s", "refusal", "overran") if k in changes}
    sampling = Sampling(**changes)
    message = Message(
        role="assistant",
        content=text,
        reasoning=parts.get("reasoning_text"),
        tool_calls=parts.get("tool_calls", ()),
    )
    sent = {"options": {"temperature": sampling.temperature, "seed": sampling.seed, "top_p": sampling.top_p}}
    refused = "refusal" in whole
    return Call(
        why="",
        sampling=sampling,
        completion=None if refused else Completion(message=message, **done),
        exchange=Exchange(request=sent if request is None else request, reply=reply, status=200),
        **whole,
    )


def drawn(temperature: float, *texts: tuple[int, str]) -> Drawn:
    return Drawn([call(text, temperature=temperature, seed=seed) for seed, text in texts])


COLD = drawn(0.0, (1, LONG + "a"), (1, LONG + "a"), (2, LONG + "a"))
HOT = drawn(1.0, (1, "one"), (1, "one"), (2, "two"))
NOISY = drawn(0.0, (1, LONG + "a"), (1, LONG + "b"), (2, LONG + "c"))


def of_temperature(cold: Drawn, hot: Drawn) -> dict[tuple[float, ...], str]:
    findings = judge_temperature([0.0, 1.0], cold, hot, [*cold.calls, *hot.calls])
    return {finding.values: finding.verdict for finding in findings}


def of_seed(cold: Drawn, hot: Drawn) -> str:
    return judge_seed(cold, hot, [*cold.calls, *hot.calls]).verdict


def test_a_disturbance_at_temperature_0_is_not_drawing():
    assert of_temperature(NOISY, HOT) == {(0.0, 1.0): "honoured"}
    (note,) = judge_repeats(NOISY, HOT)
    assert note.note
    assert note.evidence.endswith("2 texts, the same for the first 48 characters")


def test_texts_as_unlike_at_temperature_0_as_at_a_high_one_are_drawn():
    cold = drawn(0.0, (1, "one"), (1, "two"), (2, "four"))
    hot = drawn(1.0, (1, "five"), (1, "six"), (2, "seven"))
    assert of_temperature(cold, hot) == {(0.0, 1.0): "ignored"}


def test_a_disturbance_above_0_is_not_a_seed_ignored():
    hot = drawn(1.0, (1, LONG + "a"), (1, LONG + "b"), (2, "another"))
    assert of_seed(COLD, hot) == "honoured"
    assert [finding.note for finding in judge_repeats(COLD, hot)] == [True]


def test_texts_of_one_seed_as_unlike_as_of_two_mean_that_it_is_ignored():
    assert of_seed(COLD, drawn(1.0, (1, "one"), (1, "two"), (2, "three"))) == "ignored"


def test_a_server_that_gives_no_text_proves_nothing():
    silent = drawn(1.0, (1, ""), (1, ""), (2, ""))
    assert of_seed(silent, silent) == "unknown"
    assert of_temperature(silent, silent) == {(0.0, 1.0): "unknown"}
    assert judge_narrowing("top_p", [0.5], silent, silent, silent.calls)[0].verdict == "unknown"


def narrowed(knob: str, values: list[float], narrow: Drawn | None, hot: Drawn = HOT) -> Finding:
    request = (
        {knob: getattr(narrow.calls[0].sampling, knob)} if narrow and narrow.calls else {knob: values[0]}
    )
    asked = narrow.calls if narrow and narrow.calls else [call("x", request=request, **{knob: values[0]})]
    (finding,) = judge_narrowing(
        knob, values, narrow, hot, [replace(c, exchange=sent(request)) for c in asked]
    )
    return finding


def sent(request: dict[str, Any]) -> Exchange:
    return Exchange(request=request, reply="", status=200)


def with_one_left(knob: str, value: float, *texts: tuple[int, str]) -> Drawn:
    return Drawn([call(text, temperature=1.0, seed=seed, **{knob: value}) for seed, text in texts])


@pytest.mark.parametrize(
    ("knob", "value", "off"), [("top_k", 1, 0), ("min_p", 1.0, 0.0), ("top_p", 0.001, 1.0)]
)
def test_one_token_to_choose_gives_one_text_whatever_the_seed(knob: str, value: float, off: float):
    greedy = with_one_left(knob, value, (1, "one"), (1, "one"), (2, "one"))
    drawing = with_one_left(knob, value, (1, "one"), (1, "one"), (2, "two"))
    assert narrowed(knob, [off, 0.5], greedy).verdict == "honoured"
    ignored = narrowed(knob, [off, 0.5], drawing)
    assert (ignored.verdict, ignored.values, ignored.note) == ("ignored", (0.5,), False)
    assert f"but with {knob}={value:g} 3 calls with 2 seeds gave 2 texts" in ignored.evidence
    only_off = narrowed(knob, [off], drawing)
    assert (only_off.verdict, only_off.note) == ("ignored", True)
    assert "the server's own default" in only_off.evidence


def test_what_could_not_be_tried_is_unknown_and_what_was_not_asked_is_believed():
    assert narrowed("top_k", [20], Drawn([])).verdict == "unknown"
    assert narrowed("top_p", [1.0], None).verdict == "honoured"
    one_text = drawn(1.0, (1, "one"), (1, "one"), (2, "one"))
    greedy = with_one_left("top_k", 1, (1, "one"), (2, "one"))
    assert narrowed("top_k", [20], greedy, hot=one_text).verdict == "unknown"


def pair(without: list[str], with_it: list[str], temperature: float = 0.0) -> tuple[Drawn, Drawn]:
    plain, hard = (
        Drawn(
            [call(text, repeat_penalty=p, temperature=temperature, request={"penalty": p}) for text in texts]
        )
        for p, texts in ((1.0, without), (2.0, with_it))
    )
    return plain, hard


def of_penalty(values: list[float], *pairs: tuple[Drawn, Drawn]) -> Finding:
    calls = [one for pair in pairs for drawn in pair for one in drawn.calls]
    (finding,) = judge_penalty(values, pairs, calls)
    return finding


SEA = "sea sea sea sea sea sea sea"
CHANGED, SAME, NOTHING = (
    pair([SEA, SEA], ["wide and deep"]),
    pair([SEA, SEA], [SEA]),
    pair(["blue"] * 2, ["blue"]),
)
DISTURBED = pair([SEA, f"{SEA} calm"], ["wide and deep"])
NEVER_ALIKE, LIKE_ONE = pair(["one two", "two one"], ["three"]), pair([SEA, "another"], [SEA])


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        ([CHANGED], "honoured"),
        ([SAME], "ignored"),
        ([NOTHING], "unknown"),
        ([DISTURBED], "honoured"),
        ([NEVER_ALIKE], "unknown"),
        ([LIKE_ONE], "ignored"),
        ([SAME, CHANGED], "honoured"),
        ([SAME, NOTHING], "ignored"),
        ([SAME, NEVER_ALIKE], "ignored"),
        ([pair(["", ""], [""])], "unknown"),
        ([(Drawn([]), Drawn([])), SAME], "ignored"),
    ],
)
def test_a_penalty_is_judged_by_texts_that_repeat_themselves(pairs: list[tuple[Drawn, Drawn]], verdict: str):
    finding = of_penalty([1.0, 1.1], *pairs)
    assert finding.verdict == verdict
    assert finding.values == ((1.1,) if verdict == "ignored" else (1.0, 1.1))


def test_a_penalty_that_is_refused_or_never_sent_is_said():
    plain, hard = (Drawn([call(SEA, repeat_penalty=p, request={})]) for p in (1.0, 2.0))
    absent = of_penalty([1.1], (plain, hard))
    assert (absent.verdict, absent.evidence) == ("ignored", "no request holds it")
    refused = [call(repeat_penalty=2.5, refusal="at most 2", request={"p": 2.5})]
    (finding,) = judge_penalty([2.5], [], refused)
    assert (finding.verdict, finding.evidence) == ("unsupported", "at most 2")


def test_an_api_without_seeds_is_a_note():
    calls = [call("x", temperature=t, request={"temperature": t}) for t in (0.0, 1.0)]
    finding = judge_seed(COLD, HOT, calls)
    assert (finding.verdict, finding.note) == ("unsupported", True)


def test_a_setting_that_is_in_no_request_is_ignored():
    calls = [call("x", temperature=t, request={"model": "m"}) for t in (0.0, 1.0)]
    (finding,) = judge_temperature([0.0, 1.0], Drawn([]), Drawn([]), calls)
    assert (finding.verdict, finding.evidence) == ("ignored", "no request holds it")


def test_a_refused_value_is_not_blamed_on_the_others():
    calls = [call("x", temperature=0.0), call(temperature=1.5, refusal="at most 1")]
    findings = judge_temperature([0.0, 1.5], COLD, Drawn([]), calls)
    assert {f.values: f.verdict for f in findings} == {(1.5,): "unsupported", (0.0,): "honoured"}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda s: {"temperature": s.temperature, "seed": s.seed},
        lambda s: {"options": {"temperature": s.temperature, "seed": s.seed, "min_p": 0.0}},
        lambda s: {"generation": [{"t": s.temperature}, {"s": s.seed}], "min_p": 0.0},
    ],
    ids=["openai", "ollama", "another"],
)
def test_a_setting_is_found_in_any_dialect_and_chance_is_not(wrap):
    samplings = [Sampling(temperature=0.0, seed=0), Sampling(temperature=0.8125, seed=77)]
    calls = [
        call("x", temperature=s.temperature, seed=s.seed, request={**wrap(s), "n": 0, "flag": False})
        for s in samplings
    ]
    assert len(places(calls[:1], "temperature")) >= 2
    for knob in ("temperature", "seed"):
        (place,) = places(calls, knob)
        assert place in ("temperature", "seed", f"options.{knob}", "generation.0.t", "generation.1.s")


def test_what_requests_differ_in_is_said_without_messages():
    one = {"messages": [{"content": "a"}], "think": False, "n": 1}
    other = {"messages": [{"content": "b"}], "think": "high", "n": 2}
    assert differences(one, other, ["n"]) == ["think: false -> high"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("<think>\nso 17 and 25</think>42", "ignored"),
        ("<think>\n\n</think>\n\n42", "honoured"),
        ("42", "honoured"),
        ("Tags such as <think>this</think> are XML.", "honoured"),
    ],
)
def test_reasoning_inside_of_the_answer_counts(text: str, verdict: str):
    assert judge_reasoning(False, [call(text)]).verdict == verdict


def test_reasoning_that_is_hidden_but_counted_is_reasoning():
    assert judge_reasoning(True, [call("", usage=Usage(reasoning_tokens=40))]).verdict == "honoured"


def test_a_level_without_reasoning_is_believed_where_another_reasons():
    least, most = (
        judge_reasoning("minimal", [call("42")]),
        judge_reasoning("high", [call("42", reasoning_text="hm")]),
    )
    assert [f.verdict for f in spare_levels([least, most])] == ["unknown", "honoured"]
    assert [f.verdict for f in spare_levels([least])] == ["ignored"]


def test_levels_are_not_told_apart_by_a_server_that_never_repeats_itself():
    low, high = call("a", reasoning_text="x"), call("b", reasoning_text="y")
    assert judge_levels({"low": low, "high": high}, again=call("c")).verdict == "unknown"
    assert judge_levels({"low": low, "high": high}, again=low).verdict == "honoured"


@pytest.mark.parametrize(
    ("grew", "verdict"), [(0, "ignored"), (2, "ignored"), (20, "unknown"), (55, "honoured"), (80, "honoured")]
)
def test_an_echo_is_judged_by_the_tokens_of_the_next_prompt(grew: int, verdict: str):
    thought = "so seventeen and twenty-five are forty-two"
    first = call("42", reasoning_text=thought, usage=Usage(reasoning_tokens=100))
    messages = {"messages": [{"thinking": thought}]}
    on = call("84", request=messages, usage=Usage(input_tokens=200 + grew))
    off = call("84", request={"messages": [{}]}, usage=Usage(input_tokens=200))
    findings = judge_echo(True, first, on, off)
    assert {f.values[0]: f.verdict for f in findings} == {True: verdict, False: "honoured"}
    swapped = judge_echo(True, first, off, on)
    assert {f.values[0]: f.verdict for f in swapped} == {True: "ignored", False: "ignored"}


def test_an_echo_whose_prompt_is_not_counted_is_unknown():
    first = call("42", reasoning_text="so it is")
    on = call("84", request={"messages": ["so it is"]})
    assert [f.verdict for f in judge_echo(True, first, on, None)] == ["unknown"]


def test_a_tool_call_that_cannot_be_read_or_is_not_made_is_unknown():
    def called(arguments: str) -> Call:
        return call(tool_calls=(ToolCall(id="1", name="add", arguments=arguments),))

    assert judge_tools(called('{"a": "2"}'), "add").verdict == "honoured"
    assert judge_tools(called('{"a": '), "add").verdict == "unknown"
    assert judge_tools(call("I add 2 and 3: {5}"), "add").verdict == "unknown"
    assert judge_tools(call('Sure: {"name": "add", "arguments": {"a": 2}}'), "add").verdict == "ignored"


def test_the_window_is_known_only_from_both_sides():
    over = call(stop_reason="context", reply='{"n_ctx": 4096}')
    silent = call(stop_reason="context", reply="too long")
    fits = call("x", usage=Usage(input_tokens=3900))
    cut = call("x", usage=Usage(input_tokens=2050))
    larger = call("x", usage=Usage(input_tokens=4200))
    expected = (4200, 3900)
    assert judge_context(4096, over, None, expected).verdict == "honoured"
    assert judge_context(4096, silent, None, expected).verdict == "unknown"
    assert judge_context(4096, silent, fits, expected).verdict == "honoured"
    assert judge_context(4096, silent, cut, expected).verdict == "ignored"
    assert judge_context(4096, silent, silent, expected).verdict == "ignored"
    assert "cut without a word" in judge_context(4096, cut, None, expected).evidence
    assert "the window is larger" in judge_context(4096, larger, None, expected).evidence


def test_one_stalled_answer_does_not_make_a_server_one_that_holds_back():
    steady = call("x" * 60, pieces_s=tuple(0.05 + n * 0.01 for n in range(12)), duration_s=0.17)
    stalled = call("x" * 60, pieces_s=tuple(0.9 + n * 0.001 for n in range(12)), duration_s=0.92)
    in_one = call("x" * 60, pieces_s=(0.9,), duration_s=0.9)
    assert judge_streaming([stalled]).verdict == "unknown"
    assert judge_streaming([steady, stalled, steady]).verdict == "honoured"
    assert judge_streaming([stalled, steady, stalled]).verdict == "ignored"
    assert judge_streaming([in_one] * 3).verdict == "ignored"
