from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders import cell, episode, task
from llmsweep.cli import run
from llmsweep.cli.episode import plain
from llmsweep.store import EpisodeLog
from llmsweep.types import Act, EpisodeSpec, Message, ToolCall, Turn, Usage

LONG = "\n".join(f"line {n}" for n in range(50))
MESSAGES = (
    Message(role="system", content="You are an agent.\nLook first.\nThen act.\nThen test."),
    Message(role="user", content="Mend `cart.py`."),
    Message(
        role="assistant",
        reasoning="First I look.\nThen I mend.\nThen I test.",
        content="I look.",
        tool_calls=(ToolCall(id="1", name="bash", arguments=json.dumps({"command": "ls\ncat cart.py"})),),
    ),
    Message(role="tool", content=f"\x1b[2J{LONG}", tool_call_id="1"),
    Message(role="assistant", content="", tool_calls=(ToolCall(id="2", name="submit", arguments="{oops"),)),
)
TURNS = (
    Turn(
        usage=Usage(input_tokens=1412, cached_tokens=380, output_tokens=87, reasoning_tokens=12),
        ttft_s=0.21,
        duration_s=1.9,
        acts=(Act(name="bash", status="ok"),),
    ),
    Turn(usage=Usage(input_tokens=1500, output_tokens=9), duration_s=0.4, slips=("malformed", "repeated")),
)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    specs = [EpisodeSpec(task=task(f"shop/t{n}"), cell=cell(), repeat=0, harness="h") for n in range(3)]
    with EpisodeLog(tmp_path / "shop" / "qwen") as log:
        failed = episode(
            specs[0],
            passed=False,
            ceiling="capability",
            turns=TURNS,
            messages=MESSAGES,
            milestones={"totals": 1.0, "receipts": 0.0},
        )
        log.append(failed)
        log.append(episode(specs[1]))
        log.append(episode(specs[2], passed=None, error="connection refused"))
    with EpisodeLog(tmp_path / "shop" / "qwen" / "smoke") as log:
        log.append(episode(specs[0]))
    return tmp_path


def key_of(results: Path, number: int) -> str:
    lines = (results / "shop" / "qwen" / "episodes.jsonl").read_text().splitlines()
    return json.loads(lines[number])["key"]


def test_the_list_has_a_line_an_episode_and_filters(results: Path, capsys):
    assert run(["results", "episodes", str(results)]) == 0
    listed = capsys.readouterr().out
    assert "failed (1/2), capability" in listed
    assert "unscored (provider)" in listed
    assert "3 episodes" in listed
    for words, count in (
        (["--outcome", "passed"], 1),
        (["--task", "t0"], 1),
        (["--ceiling", "token"], 0),
        (["--stop", "error"], 1),
    ):
        assert run(["results", "episodes", str(results), *words]) == 0
        assert f"{count} episode" in capsys.readouterr().out


def test_an_episode_is_shown_turn_by_turn(results: Path, capsys):
    assert run(["results", "episode", key_of(results, 0)[:8], str(results)]) == 0
    shown = capsys.readouterr().out
    for part in (
        "shop/t0 (tier 1), repeat 0",
        "turn 1: 1,412 tokens in (380 cached), 87 out (12 reasoning), TTFT 0.21 s, 1.9 s",
        "reasoning: First I look.",
        "-> bash",
        "     cat cart.py",
        "line 19",
        "more lines; --full shows all",
        "slips: malformed, repeated",
        "failed (1/2): stop submitted, 2 turns, 3,008 tokens, 1.5 s",
        "ceiling capability",
        "x totals",
    ):
        assert part in shown, part
    assert "line 40" not in shown
    assert "Then I test." not in shown
    assert "\x1b[2J" not in shown


def test_full_and_reasoning_unfold(results: Path, capsys):
    key = key_of(results, 0)
    run(["results", "episode", key, str(results), "--full"])
    assert "line 49" in capsys.readouterr().out
    run(["results", "episode", key, str(results), "--reasoning"])
    assert "Then I test." in capsys.readouterr().out


def test_an_episode_without_a_transcript_still_tells_its_fault(results: Path, capsys):
    assert run(["results", "episode", key_of(results, 2), str(results)]) == 0
    assert "fault of the provider: connection refused" in capsys.readouterr().out


def test_wrong_words(results: Path, capsys):
    assert run(["results", "episode", "zzz", str(results)]) == 2
    assert "no episode in" in capsys.readouterr().err
    assert run(["results", "episode", "", str(results)]) == 2
    assert "3 episodes" in capsys.readouterr().err
    assert run(["results", "episode", "a", str(results / "nowhere")]) == 2
    assert "there is no such folder" in capsys.readouterr().err
    assert run(["results", "episodes", str(results), "--outcome", "faild"]) == 2
    assert "did you mean 'failed'" in capsys.readouterr().err


def test_control_characters_are_not_obeyed():
    assert plain("a\x1b[31mb\r\x07c\td\u202e") == "a\ufffd[31mb\ufffd\ufffdc  d\ufffd"
