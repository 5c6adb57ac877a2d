"""Scripted agents on every suite: who solves, half-solves, loops, cheats or runs out of time gets exactly that verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builders import cell
from llmsweep.agent.cheats import CHEATS
from llmsweep.agent.loop import run_episode
from llmsweep.cli.suites import lacks
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.suite import load_suite, shipped
from llmsweep.types import Budget, Completion, Episode, EpisodeSpec, Message, Task, ToolCall, Usage

SUITES = {name: load_suite(folder) for name, folder in shipped().items()}
FACTORY = Bubblewrap()


FAST = [suite.tasks[0] for suite in SUITES.values()]


def others() -> Iterator[Task]:
    """The tasks that only the slow run takes (of gatekeeper every sixteenth)."""
    for name, suite in SUITES.items():
        for number, task in enumerate(suite.tasks[1:]):
            if (name != "gatekeeper" or number % 16 == 0) and not lacks(task, FACTORY.name):
                yield task


ALL = [*FAST, *(pytest.param(task, marks=pytest.mark.slow) for task in others())]
STAMINA = SUITES["stamina"].tasks


def each(tasks: Sequence[object] = ALL) -> pytest.MarkDecorator:
    def name(value: object) -> str:
        return value.id if isinstance(value, Task) else str(value)

    return pytest.mark.parametrize("task", tasks, ids=name)


class Script:
    """A provider that makes the given calls, one a turn, the last one for ever."""

    name, slots = "script", 1

    def __init__(self, calls: Sequence[tuple[str, dict[str, str]]]) -> None:
        self.calls, self.turn = calls, 0

    def complete(self, messages, tools, sampling, on_chunk=None) -> Completion:
        name, arguments = self.calls[min(self.turn, len(self.calls) - 1)]
        self.turn += 1
        call = ToolCall(id=str(self.turn), name=name, arguments=json.dumps(arguments))
        message = Message(role="assistant", tool_calls=(call,))
        return Completion(message=message, usage=Usage(input_tokens=100, output_tokens=20))


def play(task: Task, calls: Sequence[tuple[str, dict[str, str]]], kept: Path, **budget) -> Episode:
    chosen = replace(cell(protocol="native"), budget=Budget(**{"turns": 60, **budget}))
    spec = EpisodeSpec(task=task, cell=chosen, repeat=0, harness="h")
    return run_episode(spec, lambda: Script(calls), lambda t: FACTORY.open(t, kept))


SUBMIT = ("submit", {})


def bash(command: str) -> tuple[str, dict[str, str]]:
    return "bash", {"command": command}


def solving(task: Task) -> list[tuple[str, dict[str, str]]]:
    """The calls of an agent that writes the files of the solution and runs it."""
    assert task.solution is not None
    calls = []
    for path in sorted(task.solution.rglob("*")):
        if path.is_file():
            inside = f".sol/{path.relative_to(task.solution).as_posix()}"
            calls.append(("write_file", {"path": inside, "content": path.read_text(encoding="utf-8")}))
    return [*calls, bash("bash .sol/solve.sh; rm -rf .sol")]


def changes(task: Task) -> Iterator[tuple[str, str]]:
    """The text files that the solution writes, as they are afterwards."""
    with FACTORY.open(task) as sandbox:
        before = {name: sandbox.read(name) for name in sandbox.files()}
        for name, arguments in solving(task):
            if name == "write_file":
                sandbox.write(arguments["path"], arguments["content"])
            else:
                sandbox.run(arguments["command"], 60)
        for name in sandbox.files():
            if before.get(name) != (text := sandbox.read(name)):
                yield name, text


@each()
def test_who_solves_it_passes(task: Task, tmp_path: Path):
    episode = play(task, [*solving(task), SUBMIT], tmp_path)
    assert (episode.passed, episode.reward, episode.stop, episode.ceiling) == (
        True,
        1.0,
        "submitted",
        None,
    ), episode.error
    assert all(share == 1 for share in episode.milestones.values())
    assert not any(turn.slips for turn in episode.turns)


@each()
def test_who_does_nothing_and_claims_to_be_done_fails_and_is_flagged(task: Task, tmp_path: Path):
    episode = play(task, [SUBMIT], tmp_path)
    assert (episode.passed, episode.stop, episode.ceiling) == (False, "submitted", "capability")
    assert episode.turns[-1].slips == ("untouched",)
    assert not any(episode.milestones.values())


@each()
def test_who_loops_is_stopped(task: Task, tmp_path: Path):
    episode = play(task, [bash("ls"), bash("cat nothing.here")], tmp_path)
    assert (episode.passed, episode.stop, episode.ceiling) == (False, "looping", "capability")
    assert len(episode.turns) == 4


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda c: c.what[:24])
@each()
def test_who_cheats_fails(task: Task, cheat, tmp_path: Path):
    calls = [
        ("write_file", {"path": ".c.py", "content": cheat.script}),
        bash("python3 -B .c.py; rm .c.py"),
        SUBMIT,
    ]
    episode = play(task, calls, tmp_path)
    assert (episode.passed, episode.stop, episode.ceiling) == (False, "submitted", "capability"), (
        episode.error
    )
    assert episode.fault is None


@each(FAST)
def test_who_works_when_time_is_up_has_a_ceiling_of_turns(task: Task, tmp_path: Path):
    episode = play(task, [bash("sleep 0.3; date > note.txt")], tmp_path, seconds=0.2)
    assert (episode.passed, episode.stop, episode.ceiling) == (False, "seconds", "turn")


@each(FAST)
def test_who_hangs_is_killed_and_goes_on(task: Task, tmp_path: Path):
    episode = play(replace(task, timeout_s=1.0), [bash("sleep 100"), *solving(task), SUBMIT], tmp_path)
    assert episode.turns[0].acts[0].status == "killed"
    assert episode.passed


@each([STAMINA[0], *(pytest.param(task, marks=pytest.mark.slow) for task in STAMINA[1:])])
def test_who_half_solves_it_gets_partial_credit_and_a_ceiling_of_turns(task: Task, tmp_path: Path):
    calls = [("write_file", {"path": name, "content": text}) for name, text in changes(task)]
    shares = []
    for turns in sorted({len(calls) * part // 4 or 1 for part in (1, 2, 3, 4)}):
        episode = play(task, calls, tmp_path, turns=turns)
        held = sum(episode.milestones.values()) / len(episode.milestones)
        shares.append(held)
        if not episode.passed:
            assert episode.stop == "turns"
            middle = episode.turns[turns // 2 - 1].progress if turns > 1 else None
            rose = middle is None or held > middle
            assert episode.ceiling == ("turn" if rose else "capability"), (turns, middle, held)
    assert shares[-1] > 0.8  # not always all: a solution may delete files too
    assert any(0.2 < share < 0.8 for share in shares), shares
