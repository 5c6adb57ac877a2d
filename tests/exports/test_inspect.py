"""Inspect's logs, written and read: what a sample says of its episode, what is left out, and what is no verdict."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from builders import cell, episode, task
from exports.elsewhere import python
from exports.made import PUBLISHED
from llmsweep.analysis.costs.imported import read_csv
from llmsweep.cli import run
from llmsweep.errors import UsageError
from llmsweep.exports.inspect_read import read_logs
from llmsweep.exports.inspect_write import write_evals
from llmsweep.store import EpisodeLog
from llmsweep.types import Episode, EpisodeSpec, Message, ToolCall, Turn, Usage

SAID = (
    Message(role="system", content="You are an agent."),
    Message(role="user", content="Write solution.py."),
    Message(
        role="assistant",
        content="I look.",
        reasoning="Where am I?",
        tool_calls=(
            ToolCall(id="a", name="bash", arguments='{"command": "ls"}'),
            ToolCall(id="b", name="bash", arguments="{oops"),
        ),
    ),
    Message(role="tool", content="solution.py", tool_call_id="a"),
    Message(role="assistant", content="Done."),
)
ABOUT = {"suite": "made_up", "suite_version": "1.0", "version": "0.1.0"}


def attempt(repeat: int = 0, name: str = "t/one", **changes: Any) -> Episode:
    spec = EpisodeSpec(task=task(name), cell=cell(temperature=0.7, top_k=20), repeat=repeat, harness="h")
    return episode(spec, started_at="2026-11-01T10:00:00+00:00", **changes)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A log of five attempts: passed, out of turns, out of tokens, broken, and one whose tokens nobody counted."""
    usage = Usage(input_tokens=100, cached_tokens=60, output_tokens=20)
    episodes = [
        attempt(messages=SAID, turns=(Turn(usage=usage), Turn(usage=usage, stop_reason="length"))),
        attempt(1, passed=False, stop="turns", ceiling="turn"),
        attempt(4, passed=False, stop="gave_up", ceiling="capability"),
        attempt(name="t/two", passed=None, error="the server is gone"),
        attempt(1, name="t/two", turns=(Turn(usage=Usage(output_tokens=3)),)),
    ]
    with EpisodeLog(tmp_path / "m") as log:
        for one in episodes:
            log.append(one)
    (path,) = write_evals(tmp_path / "m", episodes, {episodes[0].cell_id: 2 / 3}, ABOUT, tmp_path / "out")
    return path


def samples(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        read = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("samples/")]
    return {(one["id"], one["epoch"]): one for one in read}


def test_a_sample_says_what_its_episode_said(written: Path):
    found = samples(written)
    assert list(found) == [("one", 1), ("two", 1), ("one", 2), ("two", 2), ("one", 3)]
    first = found["one", 1]
    assert first["scores"]["llmsweep"]["value"] == "C"
    assert first["messages"][2]["content"][0] == {"type": "reasoning", "reasoning": "Where am I?"}
    assert first["messages"][2]["tool_calls"][0]["arguments"] == {"command": "ls"}
    assert "parse_error" in first["messages"][2]["tool_calls"][1]
    assert first["messages"][3]["function"] == "bash"
    assert first["output"]["choices"][0]["stop_reason"] == "max_tokens"
    assert first["model_usage"]["m"] == {
        "input_tokens": 80,
        "output_tokens": 40,
        "total_tokens": 240,
        "input_tokens_cache_read": 120,
    }
    assert found["one", 2]["limit"] == {"type": "turn", "limit": 2.0}
    assert "limit" not in found["one", 3]
    assert found["one", 3]["metadata"]["stop"] == "gave_up"
    assert found["one", 3]["metadata"]["repeat"] == 4
    assert found["two", 1]["error"]["message"] == "provider: the server is gone"
    assert "scores" not in found["two", 1]
    assert found["two", 2]["model_usage"] == {}


def test_what_comes_back_is_what_was_written(written: Path):
    found = read_logs([written], table="cost")
    assert found.unscored == 1
    rows = {(row["task"], row["repeat"]): row for row in found.rows}
    assert [rows[key]["solved"] for key in (("one", 0), ("one", 1), ("one", 2), ("two", 1))] == [
        True,
        False,
        False,
        True,
    ]
    first = rows["one", 0]
    assert (first["input_tokens"], first["cached_tokens"], first["output_tokens"]) == (200, 120, 40)
    assert rows["two", 1].get("tokens") is None


def test_cost_reads_the_table(written: Path, tmp_path: Path):
    out = tmp_path / "c.csv"
    assert run(["import", "inspect", str(written), "--table", "cost", "--out", str(out)]) == 0
    found = read_csv(out)
    assert found.model == "m"
    assert len(found.solved) == 4
    assert next(iter(found.cells)) == "m, temperature 0.7, top_p 1.0, top_k 20, max_tokens 64"


def log(path: Path, *scores: Any, model: str = "m", scorers: tuple[str, ...] = ("s",), **config: Any) -> Path:
    """A log as JSON, one sample a score."""
    whole = {
        "eval": {"model": model, "model_generate_config": {}},
        "plan": {"config": config},
        "results": {"scores": [{"name": name} for name in scorers]},
        "samples": [
            {"id": f"t{n}", "epoch": 1, "scores": {scorers[0]: {"value": score}}, "total_time": 1.0}
            for n, score in enumerate(scores)
        ],
    }
    path.write_text(json.dumps(whole))
    return path


def test_verdicts_of_every_kind(tmp_path: Path):
    path = log(tmp_path / "l.json", "C", "I", "P", "N", True, False, 1.0, 0.4, float("nan"))
    found = read_logs([path], table="replay")
    assert [row["passed"] for row in found.rows] == [True, False, False, False, True, False, True, False]
    assert found.unscored == 1
    assert [row["passed"] for row in read_logs([path], table="replay", pass_at=0.4).rows][-1] is True


def test_settings_of_several_logs_are_axes(tmp_path: Path):
    paths = [log(tmp_path / f"{t}.json", "C", "I", temperature=t) for t in (0.0, 0.7)]
    paths.append(log(tmp_path / "again.json", "C", "C", temperature=0.7))
    found = read_logs(paths, table="replay")
    assert found.columns == ["task", "repeat", "passed", "seconds", "temperature"]
    attempts = [(row["task"], row["repeat"], row["temperature"]) for row in found.rows]
    assert len(set(attempts)) == len(attempts) == 6


@pytest.mark.parametrize(
    ("scores", "more", "asked", "says"),
    [
        (["maybe"], {}, {}, "is neither right nor wrong"),
        ([{"a": 1}], {}, {}, "is neither right nor wrong"),
        ([], {}, {}, "no sample has a score"),
        (["C"], {"scorers": ("s", "other")}, {}, "it has several scorers (s, other)"),
        (["C"], {}, {"scorer": "t"}, "has no such scorer; did you mean"),
    ],
)
def test_what_means_nothing_is_refused(scores, more, asked, says, tmp_path):
    if says.endswith("did you mean"):
        says = "has no such scorer"
    with pytest.raises(UsageError) as refused:
        read_logs([log(tmp_path / "l.json", *scores, **more)], table="replay", **asked)
    assert says in str(refused.value)


def test_replay_compares_settings_of_one_model(tmp_path: Path):
    paths = [log(tmp_path / f"{model}.json", "C", model=model) for model in ("a", "b")]
    with pytest.raises(UsageError, match="several models"):
        read_logs(paths, table="replay")
    assert len(read_logs(paths, table="cost").rows) == 2


READ = """
import json, sys
from inspect_ai.log import read_eval_log, recompute_metrics, read_eval_log_sample_summaries
found = []
for path in sys.argv[1:]:
    log = read_eval_log(path)
    said = log.results.scores[0].metrics["accuracy"].value
    recompute_metrics(log)
    sample = log.samples[0]
    found.append({
        "status": log.status, "samples": len(log.samples), "said": said,
        "computed": log.results.scores[0].metrics["accuracy"].value,
        "roles": [message.role for message in sample.messages], "stop": sample.output.choices[0].stop_reason if sample.output.choices else None,
        "errors": [one.error.message for one in log.samples if one.error],
        "limits": [one.limit.type for one in log.samples if one.limit],
        "summaries": len(read_eval_log_sample_summaries(path)),
    })
print(json.dumps(found))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_real_package_reads_them_and_computes_the_same(written: Path, tmp_path: Path):
    out = tmp_path / "demo"
    assert run(["export", "inspect", str(PUBLISHED / "demo"), "--out", str(out)]) == 0
    made, *demo = json.loads(python(["inspect-ai"], READ, written, *sorted(out.glob("*.eval"))))
    assert made["roles"] == ["system", "user", "assistant", "tool", "assistant"]
    assert made["stop"] == "max_tokens"
    assert made["errors"] == ["provider: the server is gone"]
    assert made["limits"] == ["turn"]
    assert sum(one["samples"] for one in demo) == sum(one["summaries"] for one in demo) == 112
    assert all(one["status"] == "success" for one in demo)
    assert all(one["said"] == pytest.approx(one["computed"]) for one in demo)


REAL = """
import sys
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import includes
answer = ModelOutput.from_content("mockllm/model", "hi")
answer.usage = ModelUsage(input_tokens=7, output_tokens=3, total_tokens=10)
task = Task(dataset=[Sample(id="a", input="?", target="hi"), Sample(id="b", input="?", target="no")], scorer=includes())
model = get_model("mockllm/model", custom_outputs=[answer] * 4)
(log,) = eval(task, model=model, epochs=2, log_dir=sys.argv[1], display="none", temperature=0.5)
assert log.status == "success", log.error
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_log_of_the_real_package_is_imported(tmp_path: Path, capsys):
    """Packed with Zstandard, which Python before 3.14 cannot unpack by itself."""
    python(["inspect-ai"], REAL, tmp_path / "logs")
    (path,) = (tmp_path / "logs").glob("*.eval")
    code = run(["import", "inspect", str(path)])
    said = capsys.readouterr()
    if code == 3:
        assert "pip install 'llmsweep[inspect]'" in said.err
        converted = python(
            ["inspect-ai"],
            f"import subprocess; subprocess.run(['inspect', 'log', 'convert', '--to', 'json', '--output-dir', {str(tmp_path)!r}, {str(path)!r}], check=True)",
        )
        assert converted is not None
        (plain,) = tmp_path.glob("*.json")
        assert run(["import", "inspect", str(plain)]) == 0
        said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0] == "task,repeat,passed,tokens,seconds,temperature"
    assert sorted(line.split(",")[:4] for line in lines[1:]) == [
        ["a", "0", "true", "10"],
        ["a", "1", "true", "10"],
        ["b", "0", "false", "10"],
        ["b", "1", "false", "10"],
    ]
