"""The probe against real servers that lie, each in one way, and against one that does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from builders import cell
from llmsweep.probe.ask import probe
from llmsweep.probe.report import ProbeReport
from llmsweep.probe.wanted import Wanted
from llmsweep.providers.openai import OpenAICompatible
from llmsweep.sweep.space import grid_cells
from llmsweep.testing.server import Lie, Model, SseServer
from llmsweep.types import Cell

CONTEXT = 1024
THINKING: dict[str, Any] = {
    "reasoning_on": {"chat_template_kwargs": {"enable_thinking": True}},
    "reasoning_off": {"chat_template_kwargs": {"enable_thinking": False}},
    "reasoning_levels": {"low": {"reasoning_effort": "low"}, "high": {"reasoning_effort": "high"}},
    "echo": True,
}
BASELINE = cell(temperature=0.0, max_tokens=200, seed=0, context=CONTEXT)
TEMPERATURE = {"temperature": [0.0, 0.4, 1.2]}
SWITCH = {"reasoning": [False, True]}
LEVELS = {"reasoning": ["low", "high"]}
ECHO = {"reasoning": [False, True], "echo_reasoning": [False, True]}
NATIVE = {"protocol": ["whole_file", "native"]}
TOP_K, MIN_P = {"top_k": [0, 20, 40]}, {"min_p": [0.0, 0.05]}
PENALTY = {"repeat_penalty": [1.0, 1.1]}
FIELDS = {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"}
EVERYTHING = {
    **TEMPERATURE,
    "top_p": [0.5, 1.0],
    **TOP_K,
    **MIN_P,
    **PENALTY,
    "max_tokens": [100, 200],
    "reasoning": [False, True, "low", "high"],
    "echo_reasoning": [False, True],
    **NATIVE,
}


def probed(
    space: Mapping[str, Sequence[Any]],
    *lies: Lie,
    baseline: Cell = BASELINE,
    gap_s: float = 0.0,
    paid: bool = False,
    **provider: Any,
) -> ProbeReport:
    model = Model(context=CONTEXT, thoughts=40, gap_s=gap_s, lies=frozenset(lies))
    wanted = Wanted(baseline=baseline, cells=grid_cells(baseline, space), paid=paid)
    with SseServer(model) as server:
        settings = {"model": "stub", "base_url": server.base_url, "warm_up": False, **THINKING}
        settings |= {"sampling_fields": FIELDS, **provider}
        with OpenAICompatible(**settings) as asked:
            return probe(asked, wanted)


def failed(report: ProbeReport) -> dict[str, str]:
    return {finding.name: finding.verdict for finding in report.failures}


def evidence(report: ProbeReport, name: str) -> str:
    return next(finding.evidence for finding in report.findings if finding.name == name)


def with_sampling(**changes: Any) -> Cell:
    return replace(BASELINE, sampling=replace(BASELINE.sampling, **changes))


def test_of_an_honest_server_everything_is_honoured():
    report = probed(EVERYTHING, gap_s=0.003)
    assert {f.name: f.verdict for f in report.findings if f.verdict != "honoured"} == {}
    assert {f.knob for f in report.findings} == {
        *("temperature", "top_p", "top_k", "min_p", "repeat_penalty", "seed", "max_tokens"),
        *("reasoning", "reasoning levels", "echo_reasoning"),
        *("tool calls", "streaming", "context"),
    }
    assert all(report.refuses(one) is None for one in grid_cells(BASELINE, EVERYTHING))


HOT_ONES = "temperature=0.4,1.2"
CAUGHT: list[tuple[Lie, Mapping[str, Sequence[Any]], dict[str, str]]] = [
    ("always greedy", TEMPERATURE, {HOT_ONES: "ignored"}),
    ("always drawing", TEMPERATURE, {"temperature=0,0.4,1.2": "ignored"}),
    ("always drawing", {}, {"temperature=0": "ignored"}),
    ("unseeded", TEMPERATURE, {"seed": "ignored"}),
    ("one seed", TEMPERATURE, {"seed": "ignored"}),
    ("any top_p", {"top_p": [0.5, 1.0]}, {"top_p=0.5": "ignored"}),
    ("any top_k", TOP_K, {"top_k=20,40": "ignored"}),
    ("any min_p", MIN_P, {"min_p=0.05": "ignored"}),
    ("any repeat_penalty", PENALTY, {"repeat_penalty=1.1": "ignored"}),
    ("cool only", TEMPERATURE, {"temperature=1.2": "unsupported"}),
    ("any length", {}, {"max_tokens=200": "ignored"}),
    ("any length", {"max_tokens": [100, 200]}, {"max_tokens=200,100": "ignored"}),
    ("short only", {}, {"max_tokens=200": "unsupported"}),
    ("short only", {"max_tokens": [100, 200]}, {"max_tokens=200": "unsupported"}),
    ("reasons anyway", {}, {"reasoning=false": "ignored"}),
    ("reasons anyway", SWITCH, {"reasoning=false": "ignored"}),
    ("never reasons", SWITCH, {"reasoning=true": "ignored"}),
    ("forgets reasoning", ECHO, {"echo_reasoning=true": "ignored"}),
    ("cuts prompts", {}, {"context": "ignored"}),
    ("half the window", {}, {"context": "ignored"}),
    ("calls as text", NATIVE, {"tool calls": "ignored"}),
    ("no tools", NATIVE, {"protocol=native": "unsupported"}),
]


@pytest.mark.parametrize(("lie", "space", "expected"), CAUGHT, ids=lambda value: str(value)[:40])
def test_a_lie_is_caught_by_the_name_of_its_knob(lie: Lie, space, expected):
    assert failed(probed(space, lie)) == expected


def test_a_knob_of_the_baseline_alone_is_proven_too():
    knobs = {"top_k": 20, "min_p": 0.05, "repeat_penalty": 1.1}
    baseline = with_sampling(**knobs)
    lies: tuple[Lie, ...] = ("any top_k", "any min_p", "any repeat_penalty")
    assert failed(probed({}, *lies, baseline=baseline)) == {
        f"{knob}={value:g}": "ignored" for knob, value in knobs.items()
    }
    assert failed(probed({}, baseline=baseline)) == {}
    report = probed({}, "any top_k", baseline=baseline)
    assert (report.refuses(baseline) or "").startswith("the server ignores top_k=20: sent as top_k, but")


def test_a_baseline_with_one_token_to_choose_accuses_neither_temperature_nor_seed():
    baseline = with_sampling(temperature=0.8, top_k=1, min_p=1.0)
    report = probed({"temperature": [0.0, 0.8]}, baseline=baseline)
    assert failed(report) == {}
    assert {f.verdict for f in report.findings if f.knob in ("temperature", "seed", "top_k", "min_p")} == {
        "honoured"
    }


def test_a_penalty_under_another_name_is_found_by_its_values():
    assert evidence(probed(PENALTY), "repeat_penalty=1,1.1").startswith("sent as repetition_penalty; with")


def test_levels_that_do_the_same_are_one():
    baseline = with_sampling(reasoning="low")
    assert failed(probed(LEVELS, "levels alike", baseline=baseline)) == {"reasoning=high": "ignored"}
    assert failed(probed(LEVELS, baseline=baseline)) == {}


def test_a_server_that_holds_its_answers_back_is_caught():
    report = probed({}, "buffers", gap_s=0.012)
    assert failed(report) == {"streaming": "ignored"}
    assert "the time to the first token says nothing" in evidence(report, "streaming")


def test_temperature_0_that_does_not_repeat_itself_is_a_note_and_nothing_else():
    report = probed(TEMPERATURE, "disturbed")
    assert failed(report) == {}
    assert report.refuses(BASELINE) is None
    notes = [finding for finding in report.findings if finding.note]
    assert [finding.name for finding in notes] == ["repeats at temperature=0"]
    assert "not reproducible here" in notes[0].evidence


def test_a_cut_that_is_not_said_is_a_note():
    report = probed({}, "cuts unsaid")
    assert failed(report) == {}
    assert "calls them finished" in evidence(report, "max_tokens=200")


def test_without_reasoning_its_echo_is_unknown_and_only_asked_values_are_reported():
    echoing = with_sampling(reasoning=True, echo_reasoning=True)
    report = probed({}, "never reasons", baseline=echoing)
    assert failed(report) == {"reasoning=true": "ignored"}
    assert [f.name for f in report.findings if f.verdict == "unknown" and f.where] == ["echo_reasoning=true"]
    assert [f.name for f in probed({}, baseline=echoing).findings if f.where] == ["echo_reasoning=true"]


def test_two_lies_at_once_are_told_apart():
    report = probed({**TEMPERATURE, **ECHO}, "always greedy", "forgets reasoning")
    assert failed(report) == {HOT_ONES: "ignored", "echo_reasoning=true": "ignored"}


def test_a_switch_that_never_reaches_the_wire_is_caught():
    report = probed(SWITCH, reasoning_on={}, reasoning_off={})
    assert failed(report) == {"reasoning=true": "ignored"}
    assert "its request is the same as that of reasoning=false" in evidence(report, "reasoning=true")


def test_only_the_cells_with_the_value_are_refused():
    report = probed(TEMPERATURE, "always greedy")
    refused = [c.sampling.temperature for c in grid_cells(BASELINE, TEMPERATURE) if report.refuses(c)]
    assert refused == [0.4, 1.2]
    words = report.refuses(with_sampling(temperature=0.4)) or ""
    assert words.startswith("the server ignores temperature=0.4,1.2: sent as temperature, but 5 calls")


def test_a_paid_server_gets_no_long_prompt():
    report = probed({}, "cuts prompts", paid=True)
    assert failed(report) == {}
    assert "costs money" in evidence(report, "context")
    assert report.input_tokens < CONTEXT


def test_only_what_is_asked_for_is_probed():
    report = probed({}, baseline=with_sampling(temperature=None, top_p=None), sampling_fields=None)
    assert {f.knob for f in report.findings} == {"seed", "max_tokens", "reasoning", "streaming", "context"}
    requests = [exchange.request for _, exchange in report.exchanges]
    unasked = {"temperature", "top_p", *FIELDS.values()}
    assert not any(unasked & request.keys() for request in requests)
