"""What small models do wrong in an agent loop: each is named, survived, told to the model and counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builders import cell, task_folder
from llmsweep.agent.loop import run_episode
from llmsweep.suite import load_task
from llmsweep.testing.memory import MemoryFactory
from llmsweep.types import Budget, Completion, EpisodeSpec, Message, Observation, ToolCall, Usage

LS = '{"name": "bash", "arguments": {"command": "ls"}}'


class Says:
    """Gives its answers one after the other, the last one for ever."""

    name, slots = "says", 1

    def __init__(self, *answers: Completion) -> None:
        self.answers, self.asked = answers, 0

    def complete(self, messages, tools, sampling, on_chunk=None) -> Completion:
        self.asked += 1
        answer = self.answers[min(self.asked, len(self.answers)) - 1]
        return replace(answer, usage=Usage(input_tokens=10, output_tokens=5))


def text(content: str = "", reasoning: str | None = None, **more) -> Completion:
    return Completion(message=Message(role="assistant", content=content, reasoning=reasoning), **more)


def call(name: str, **arguments: str) -> Completion:
    one = ToolCall(id="c1", name=name, arguments=json.dumps(arguments))
    return Completion(message=Message(role="assistant", tool_calls=(one,)), stop_reason="tool_calls")


def parts(files: dict[str, str], logs: Path) -> Observation:
    """Hidden tests with three milestones, one for each file a, b, c; never a pass."""
    held = {name: int(name in files) for name in "abc"}
    (logs / "verifier" / "reward.json").write_text(json.dumps({"reward": 0, **held}))
    return Observation(exit_code=0, output="")


@pytest.fixture
def run(tmp_path: Path) -> Callable:
    task = load_task(task_folder(tmp_path), "t")

    def go(*answers: Completion, verifier=parts, answer=None, snapshots=True, **changes):
        changes = {"protocol": "native", "budget": Budget(turns=6), **changes}
        seen = answer or (lambda command, files: Observation(exit_code=0, output=f"ran {command}"))
        factory = MemoryFactory(answer=seen, verifier=verifier)
        spec = EpisodeSpec(task=task, cell=cell(**changes), repeat=0, harness="h")
        kept = tmp_path / "snapshots" if snapshots else None
        return run_episode(spec, lambda: Says(*answers), lambda t: factory.open(t, kept))

    return go


SUBMIT = call("submit")


@pytest.mark.parametrize(
    ("answer", "slips", "recovered", "told"),
    [
        (text(f"<tool_call>{LS}</tool_call>"), {"call_as_text"}, True, "ran ls"),
        (text(f"```json\n{LS}\n```"), {"call_as_text"}, True, "ran ls"),
        (text("", f"I look.\n<tool_call>{LS}</tool_call>"), {"call_in_reasoning"}, True, "ran ls"),
        (text(f"{LS} or {LS}"), {"call_as_text", "malformed"}, False, "not carried out"),
        (text("", f"{LS} or {LS}?"), {"call_in_reasoning", "malformed"}, False, "not carried out"),
        (text(""), {"empty"}, False, "called no tool"),
        (text("I will now fix it."), {"no_action"}, False, "called no tool"),
        (text("", stop_reason="length"), {"truncated"}, False, "cut off"),
        (call("read_file", path="x.py"), {"no_such_path"}, False, "the workspace has check.py, solution.py"),
        (call("grep", path="x.py"), {"unknown_tool"}, False, "there is no tool 'grep'"),
        (call("bash"), {"malformed"}, False, "needs these string arguments"),
    ],
)
def test_each_slip_is_named_told_and_survived(run, answer, slips, recovered, told):
    episode = run(answer, SUBMIT)
    first = episode.turns[0]
    assert set(first.slips) == slips
    assert any(act.recovered for act in first.acts) == recovered
    assert any(told in m.content for m in episode.messages if m.role in ("tool", "user"))
    assert episode.stop == "submitted"


def test_a_recovered_submit_ends_the_episode(run):
    episode = run(text('<tool_call>{"name": "submit", "arguments": {}}</tool_call>'))
    assert (episode.stop, episode.turns[0].acts[0].recovered) == ("submitted", True)


@pytest.mark.parametrize("snapshots", [True, False])
def test_done_without_having_done_anything_is_flagged(run, snapshots: bool):
    looked = run(call("read_file", path="check.py"), SUBMIT, snapshots=snapshots)
    assert "untouched" in looked.turns[-1].slips
    worked = run(call("write_file", path="n.txt", content="x"), SUBMIT, snapshots=snapshots)
    assert "untouched" not in worked.turns[-1].slips


def test_a_cycle_of_two_turns_with_the_same_results_is_looping(run):
    a, b = call("bash", command="a"), call("bash", command="b")
    episode = run(a, b, a, b, a, b, a, b, budget=Budget(turns=20))
    assert (episode.stop, len(episode.turns), episode.ceiling) == ("looping", 6, "capability")


def test_the_same_command_with_new_results_is_no_loop(run):
    seen = iter(range(100))
    episode = run(
        call("bash", command="make"),
        answer=lambda command, files: Observation(exit_code=0, output=str(next(seen))),
        budget=Budget(turns=5),
    )
    assert (episode.stop, len(episode.turns)) == ("turns", 5)
    assert not any(turn.slips for turn in episode.turns)


def test_a_turn_over_again_is_counted(run):
    episode = run(call("bash", command="ls"), call("bash", command="ls"), SUBMIT)
    assert [turn.slips for turn in episode.turns][:2] == [(), ("repeated",)]


def test_long_output_is_cut_to_a_quarter_of_a_small_window(run):
    def flood(command: str, files: dict[str, str]) -> Observation:
        return Observation(exit_code=0, output="HEAD" + "x" * 100_000 + "TAIL")

    for context, most in ((2048, 2200), (None, 16_200)):
        episode = run(call("bash", command="x"), SUBMIT, answer=flood, context=context)
        shown = next(m.content for m in episode.messages if m.role == "tool")
        assert len(shown) < most
        assert "HEAD" in shown
        assert "TAIL" in shown
        assert "characters cut" in shown


def writes(*names: str) -> list[Completion]:
    return [call("write_file", path=name, content="x") for name in names]


def test_a_budget_spent_while_milestones_rose_is_its_ceiling(run):
    episode = run(*writes("a", "n", "m", "b"), budget=Budget(turns=4))
    assert (episode.stop, episode.ceiling, episode.passed) == ("turns", "turn", False)
    assert episode.milestones == {"a": 1, "b": 1, "c": 0}
    assert [turn.progress for turn in episode.turns] == [
        None,
        pytest.approx(1 / 3),
        None,
        pytest.approx(2 / 3),
    ]


def test_a_budget_spent_after_milestones_stopped_rising_is_capability(run):
    episode = run(*writes("a", "b", "n", "m"), budget=Budget(turns=4))
    assert (episode.stop, episode.ceiling) == ("turns", "capability")
    tokens = run(*writes("a", "b", "n", "m"), budget=Budget(turns=9, tokens=60))
    assert (tokens.stop, tokens.ceiling) == ("tokens", "capability")


def test_tests_that_the_workspace_breaks_are_a_failure_and_not_a_fault(run):
    """They give a verdict on the untouched workspace, so that what broke them is what the model wrote."""

    def fragile(files: dict[str, str], logs: Path) -> Observation:
        if "bomb" in files:
            return Observation(exit_code=None, output="", killed="timeout")
        (logs / "verifier" / "reward.txt").write_text("0")
        return Observation(exit_code=0, output="")

    broke = run(*writes("bomb"), SUBMIT, verifier=fragile)
    assert (broke.passed, broke.reward, broke.fault) == (False, 0.0, None)

    def broken(files: dict[str, str], logs: Path) -> Observation:
        return Observation(exit_code=None, output="", killed="timeout")

    assert run(*writes("bomb"), SUBMIT, verifier=broken).fault == "verifier"
