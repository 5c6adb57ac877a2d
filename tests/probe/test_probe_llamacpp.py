from __future__ import annotations

from pathlib import Path

import pytest

from builders import cell
from llmsweep.probe.ask import probe
from llmsweep.probe.wanted import Wanted
from llmsweep.providers.llamacpp import LlamaCpp
from llmsweep.sweep.space import ofat_cells

SPACE = {"temperature": [0.0, 0.4, 0.8, 1.2], "top_p": [0.9, 1.0], "protocol": ["whole_file", "native"]}


@pytest.mark.model
def test_an_embedded_model_honours_what_a_sweep_sets(gguf: Path):
    baseline = cell(max_tokens=256, context=1024)
    with LlamaCpp(gguf=gguf, context=1024, slots=4) as provider:
        report = probe(provider, Wanted(baseline=baseline, cells=ofat_cells(baseline, SPACE)))
    assert report.failures == []
    found = {finding.knob: finding.verdict for finding in report.findings if not finding.note}
    assert found.pop("tool calls") == "unknown"  # it is too small to call one
    assert found.pop("context") in (
        "honoured",
        "unknown",
    )  # unknown where the machine is too busy to read so much
    assert set(found) == {"temperature", "top_p", "seed", "max_tokens", "reasoning", "streaming"}
    assert set(found.values()) == {"honoured"}
    assert report.output_tokens < 400
