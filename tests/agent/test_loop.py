from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builders import cell, task_folder
from llmsweep.agent.loop import run_episode
from llmsweep.errors import ProviderError, SandboxError
from llmsweep.suite import load_task
from llmsweep.testing.memory import MemoryFactory
from llmsweep.types import (
    Budget,
    Completion,
    EpisodeSpec,
    Message,
    Observation,
    ToolCall,
    Usage,
    turn_seed,
)

RIGHT = "```python solution.py\ndef double(n):\n    return 2 * n\n```"
WRONG = "```python solution.py\ndef double(n):\n    return n\n```"


class Says:
    """A provider that says the given answers, the last one for ever, and keeps what it was asked."""

    name, slots = "says", 1

    def __init__(self, *answers: str | Completion | Exception) -> None:
        self.answers, self.asked = list(answers), []

    def complete(self, messages, tools, sampling, on_chunk=None) -> Completion:
        self.asked.append((tuple(messages), tools, sampling))
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            answer = Completion(message=Message(role="assistant", content=answer))
        return replace(answer, usage=Usage(input_tokens=100, output_tokens=10), ttft_s=0.1)


def call(name: str, **arguments: str) -> Completion:
    import json

    one = ToolCall(id="c1", name=name, arguments=json.dumps(arguments))
    return Completion(message=Message(role="assistant", tool_calls=(one,)), stop_reason="tool_calls")


def python(command: str, files: dict[str, str]) -> Observation:
    """What the visible check and the hidden tests would say, without a process."""
    right = "2 * n" in files.get("solution.py", "")
    return Observation(
        exit_code=0 if right else 1, output="" if right else "double(2) returned 2, expected 4"
    )


def hidden(files: dict[str, str], logs: Path) -> Observation:
    (logs / "verifier" / "reward.txt").write_text("1" if "2 * n" in files.get("solution.py", "") else "0")
    return Observation(exit_code=0, output="")


@pytest.fixture
def run(tmp_path: Path) -> Callable:
    task = load_task(task_folder(tmp_path), "t")

    def go(provider, *, factory=None, **changes):
        factory = factory or MemoryFactory(answer=python, verifier=hidden)
        spec = EpisodeSpec(task=task, cell=cell(**changes), repeat=changes.pop("repeat", 0), harness="h")
        return run_episode(spec, lambda: provider, lambda t: factory.open(t, tmp_path / "snapshots"))

    return go


def test_a_right_answer_passes_in_one_turn(run):
    episode = run(Says(RIGHT))
    assert (episode.passed, episode.reward, episode.stop, episode.ceiling) == (True, 1.0, "submitted", None)
    assert [a.name for a in episode.turns[0].acts] == ["write_file", "check"]
    assert [m.role for m in episode.messages] == ["system", "user", "assistant"]
    assert episode.turns[0].usage.input_tokens == 100
    assert episode.fault is None


def test_a_failing_check_goes_back_to_the_model_which_may_mend_it(run):
    provider = Says(WRONG, RIGHT)
    episode = run(provider)
    assert (episode.passed, len(episode.turns)) == (True, 2)
    told = provider.asked[1][0][-1]
    assert told.role == "user"
    assert "returned 2, expected 4" in told.content


def test_a_long_check_output_goes_back_short(run):
    long = MemoryFactory(
        answer=lambda c, f: Observation(exit_code=1, output="HEAD" + "x" * 50_000 + "TAIL"), verifier=hidden
    )
    provider = Says(WRONG, RIGHT)
    run(provider, factory=long)
    told = provider.asked[1][0][-1].content
    assert len(told) < 2000
    assert "HEAD" in told
    assert "TAIL" in told


@pytest.mark.parametrize(
    ("budget", "stop", "ceiling", "turns"),
    [
        (Budget(turns=2), "turns", "capability", 2),
        (Budget(turns=9, tokens=220), "tokens", "capability", 2),
        (Budget(turns=9, seconds=0.0), "seconds", "turn", 0),
    ],
)
def test_a_spent_budget_is_a_value_and_the_episode_is_still_graded(run, budget, stop, ceiling, turns):
    different = [WRONG.replace("return n", f"return n + {i}") for i in range(9)]
    episode = run(Says(*different), budget=budget)
    assert (episode.passed, episode.stop, episode.ceiling, len(episode.turns)) == (
        False,
        stop,
        ceiling,
        turns,
    )


def test_work_that_passes_when_the_budget_ends_is_a_pass(run):
    """The visible check never passes here, the hidden tests do."""
    factory = MemoryFactory(answer=lambda c, f: Observation(exit_code=1, output="no"), verifier=hidden)
    episode = run(Says(RIGHT), factory=factory, budget=Budget(turns=1))
    assert (episode.passed, episode.stop, episode.ceiling) == (True, "turns", None)


@pytest.mark.parametrize(
    ("budget", "ceiling"), [(Budget(turns=2), "turn"), (Budget(turns=9, tokens=220), "token")]
)
def test_a_budget_that_cuts_work_short_is_the_ceiling(run, budget, ceiling):
    moves = [call("write_file", path=f"note{n}.txt", content="x") for n in range(9)]
    assert run(Says(*moves), protocol="native", budget=budget).ceiling == ceiling


def test_out_of_turns_without_having_moved_is_a_ceiling_of_capability(run):
    looks = [call("read_file", path="solution.py"), call("bash", command="ls")]
    episode = run(Says(*looks), protocol="native", budget=Budget(turns=2))
    assert (episode.stop, episode.ceiling) == ("turns", "capability")


@pytest.mark.parametrize(
    ("answers", "stop"),
    [(["no file"] * 3, "malformed"), ([WRONG] * 3, "looping")],
)
def test_three_in_a_row_end_it(run, answers, stop):
    episode = run(Says(*answers), budget=Budget(turns=9))
    assert (episode.stop, len(episode.turns), episode.passed) == (stop, 3, False)


def test_an_answer_cut_by_max_tokens_is_truncated_and_no_malformed_one(run):
    cut = Completion(
        message=Message(role="assistant", content="```python solution.py\ndef"), stop_reason="length"
    )
    episode = run(Says(cut, RIGHT))
    assert episode.turns[0].acts[0].status == "truncated"
    assert episode.passed
    assert run(Says(cut), budget=Budget(turns=1)).ceiling == "token"


def test_a_full_context_stops_and_is_graded(run):
    full = Completion(message=Message(role="assistant"), stop_reason="context")
    episode = run(Says(WRONG, full))
    assert (episode.stop, episode.ceiling, episode.passed, len(episode.turns)) == (
        "context",
        "context",
        False,
        2,
    )


def test_native_tools_work_on_the_workspace(run):
    provider = Says(
        call("read_file", path="solution.py"),
        call("str_replace", path="solution.py", old="raise NotImplementedError", new="return 2 * n"),
        call("bash", command="python3 check.py"),
        call("submit"),
    )
    episode = run(provider, protocol="native", budget=Budget(turns=9))
    assert (episode.passed, episode.stop) == (True, "submitted")
    assert [t.acts[0].name for t in episode.turns] == ["read_file", "str_replace", "bash", "submit"]
    shown = [m.content for m in episode.messages if m.role == "tool"]
    assert "NotImplementedError" in shown[0]
    assert all(m.tool_call_id == "c1" for m in episode.messages if m.role == "tool")
    assert {t.name for t in provider.asked[0][1]} >= {"bash", "submit"}


@pytest.mark.parametrize(
    ("bad", "status", "says"),
    [
        (call("read_file", path="nope.py"), "failed", "no such file"),
        (call("str_replace", path="solution.py", old="absent", new=""), "failed", "occurs 0 times"),
        (call("read_file"), "malformed", "needs these string arguments: path"),
        (call("sudo", command="x"), "malformed", "no tool 'sudo'"),
    ],
)
def test_a_bad_call_is_told_to_the_model_and_counted(run, bad, status, says):
    episode = run(Says(bad, call("submit")), protocol="native", budget=Budget(turns=4))
    assert episode.turns[0].acts[0].status == status
    assert says in next(m.content for m in episode.messages if m.role == "tool")
    assert episode.stop == "submitted"


def test_broken_json_three_times_is_malformed_and_talk_three_times_gave_up(run):
    broken = Completion(
        message=Message(role="assistant", tool_calls=(ToolCall(id="1", name="bash", arguments="{oops"),))
    )
    assert run(Says(broken), protocol="native", budget=Budget(turns=9)).stop == "malformed"
    assert run(Says("I am done."), protocol="native", budget=Budget(turns=9)).stop == "gave_up"


def test_the_seed_differs_by_turn_and_repeat_and_is_the_same_in_every_cell(run):
    one, other = Says(WRONG), Says(WRONG)
    run(one)
    run(other, temperature=0.8)
    seeds = [asked[2].seed for asked in one.asked]
    assert seeds == [asked[2].seed for asked in other.asked]
    assert seeds == [turn_seed(0, "t/double", 0, turn) for turn in range(2)]
    assert len(set(seeds)) == 2


def test_a_provider_fault_is_not_scored(run):
    episode = run(Says(WRONG, ProviderError("gone")))
    assert (episode.passed, episode.fault, episode.stop) == (None, "provider", "error")
    assert episode.error == "gone"
    assert len(episode.turns) == 1


def test_a_fatal_provider_error_comes_out(run):
    with pytest.raises(ProviderError, match="bad key"):
        run(Says(ProviderError("bad key", fatal=True)))


def test_a_sandbox_fault_a_verifier_without_reward_and_a_bug_of_ours_are_told_apart(run):
    def broken(command: str, files: dict[str, str]) -> Observation:
        raise SandboxError("bwrap died")

    def no_reward(files: dict[str, str], logs: Path) -> Observation:
        return Observation(exit_code=1, output="test.sh: not found")

    def bug(messages: Sequence[Message]) -> Completion:
        raise KeyError("x")

    assert run(Says(WRONG), factory=MemoryFactory(answer=broken)).fault == "sandbox"
    unrewarded = run(Says(WRONG), factory=MemoryFactory(answer=python, verifier=no_reward))
    assert (unrewarded.fault, unrewarded.passed) == ("verifier", None)
    assert "test.sh: not found" in (unrewarded.error or "")
    assert run(Says(KeyError("x"))).fault == "harness"


def test_every_turn_has_a_snapshot_that_tells_whether_the_workspace_moved(run):
    episode = run(Says(WRONG, RIGHT))
    first, second = (t.snapshot for t in episode.turns)
    assert first
    assert second
    assert first != second
