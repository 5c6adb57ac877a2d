from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import cell
from llmsweep.probe.ask import probe
from llmsweep.probe.wanted import Wanted
from llmsweep.providers.llamacpp import LlamaCpp
from llmsweep.sweep.space import ofat_cells

SPACE = {
    "temperature": [0.0, 0.4, 0.8, 1.2],
    "top_p": [0.9, 1.0],
    "top_k": [0, 20, 40],
    "min_p": [0.0, 0.05],
    "repeat_penalty": [1.0, 1.1],
    "protocol": ["whole_file", "native"],
}
KNOBS = {"top_k": [20], "min_p": [0.05], "repeat_penalty": [1.1]}


class Deaf(LlamaCpp):
    """It sends everything, but one knob under a name that llama.cpp does not know."""

    def __init__(self, deaf_to: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._dialect = replace(self._dialect, sampling_fields={**FIELDS, deaf_to: f"x_{deaf_to}"})


FIELDS = {knob: knob for knob in KNOBS}


@pytest.mark.model
def test_an_embedded_model_honours_what_a_sweep_sets(gguf: Path):
    baseline = cell(max_tokens=256, context=1024)
    with LlamaCpp(gguf=gguf, context=1024, slots=4, threads=1) as provider:
        report = probe(provider, Wanted(baseline=baseline, cells=ofat_cells(baseline, SPACE)))
    assert report.failures == []
    found = {finding.knob: finding.verdict for finding in report.findings if not finding.note}
    assert found.pop("tool calls") == "unknown"  # it is too small to call one
    assert found.pop("context") in (
        "honoured",
        "unknown",
    )  # unknown where the machine is too busy to read so much
    assert set(found) == {"temperature", "top_p", *KNOBS, "seed", "max_tokens", "reasoning", "streaming"}
    assert set(found.values()) == {"honoured"}
    assert report.output_tokens < 500


@pytest.mark.model
@pytest.mark.parametrize("knob", KNOBS)
def test_an_embedded_model_that_does_not_hear_a_knob_is_found_out(gguf: Path, knob: str):
    baseline = cell(temperature=0.8, max_tokens=256, context=1024)
    with Deaf(knob, gguf=gguf, context=1024, slots=2, threads=1) as provider:
        report = probe(provider, Wanted(baseline=baseline, cells=ofat_cells(baseline, KNOBS)))
    failures = {(finding.knob, finding.values): finding.verdict for finding in report.failures}
    assert failures == {(knob, tuple(KNOBS[knob])): "ignored"}
