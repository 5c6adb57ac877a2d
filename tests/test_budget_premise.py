"""What budget curves rest on: a run under a smaller budget and the long run cut short agree, episode by episode."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import platformdirs
import pytest

from builders import cell, task_folder
from llmsweep.agent.grade import grade
from llmsweep.agent.loop import run_episode
from llmsweep.agent.protocols import harness_digest
from llmsweep.agent.regrade import Bench, Grades, given, regrade, wanted
from llmsweep.analysis.budgets import Run
from llmsweep.analysis.budgets.cut import graded
from llmsweep.errors import UnfitError
from llmsweep.providers.base import Provider
from llmsweep.providers.llamacpp import LlamaCpp
from llmsweep.providers.scripted import Scripted
from llmsweep.sandbox.base import Sandbox, SandboxFactory
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.suite import load_suite, load_task, shipped
from llmsweep.testing.memory import MemoryFactory
from llmsweep.types import (
    Budget,
    Completion,
    Episode,
    EpisodeSpec,
    Message,
    Observation,
    Task,
    ToolCall,
    Usage,
)
from replays import disagreement

Play = Callable[[Budget, int], Episode]

RIGHT = "def double(n):\n    return 2 * n\n"
BODIES = [RIGHT, "def double(n):\n    return n\n", "def double(n):\n    return n * n\n", "def double(n:\n"]
ANSWERS = {
    "whole_file": [*(f"```python solution.py\n{body}```" for body in BODIES), "I think so.", ""],
    "fenced": [
        *(f"```bash\ncat > solution.py <<'X'\n{body}X\n```" for body in BODIES),
        "```bash\ncat solution.py\n```",
        "```bash\nsubmit\n```",
        "Let me see.",
    ],
    "native": [*BODIES, "look", "submit", "Let me see."],
}


def answer(protocol: str, messages: tuple[Message, ...], seed: int | None) -> Completion:
    """One of the protocol's answers by the seed; sometimes cut off, sometimes the window is full."""
    draw = random.Random(seed)
    text, usage = draw.choice(ANSWERS[protocol]), Usage(input_tokens=50 * len(messages), output_tokens=20)
    if draw.random() < 0.03:
        return Completion(message=Message(role="assistant"), stop_reason="context")
    if draw.random() < 0.1:
        return Completion(
            message=Message(role="assistant", content=text[:30]), usage=usage, stop_reason="length"
        )
    if protocol != "native":
        return Completion(message=Message(role="assistant", content=text), usage=usage)
    name, arguments = (
        ("write_file", {"path": "solution.py", "content": text}) if text in BODIES else (text, {})
    )
    if name == "look":
        name, arguments = "read_file", {"path": "solution.py"}
    if " " in name:
        return Completion(message=Message(role="assistant", content=name), usage=usage)
    import json

    call = ToolCall(id="c", name=name, arguments=json.dumps(arguments))
    return Completion(
        message=Message(role="assistant", tool_calls=(call,)), usage=usage, stop_reason="tool_calls"
    )


def shell(command: str, files: dict[str, str]) -> Observation:
    """The few commands of these scripts; the visible check never passes, so that work goes on after it is right."""
    if "<<'X'\n" in command:
        files["solution.py"] = command.partition("<<'X'\n")[2].rpartition("X")[0]
    return Observation(exit_code=1, output=files.get("solution.py", ""))


def hidden(files: dict[str, str], logs: Path) -> Observation:
    (logs / "verifier" / "reward.txt").write_text("1" if files.get("solution.py") == RIGHT else "0")
    return Observation(exit_code=0, output="")


BUDGETS = [Budget(turns=n) for n in (1, 2, 3, 5, 8)]
BUDGETS += [Budget(turns=9, tokens=n) for n in (1, 120, 121, 300, 340, 600, 1500, 10**6)]
BUDGETS += [Budget(turns=4, tokens=600), Budget(turns=9, tokens=600, seconds=1e6)]


@pytest.mark.parametrize("protocol", sorted(ANSWERS))
def test_capped_runs_and_truncated_replays_agree_for_a_script(protocol: str, tmp_path: Path):
    task = load_task(task_folder(tmp_path), "t")
    factory = MemoryFactory(answer=shell, verifier=hidden)
    seen: dict[str, list[tuple[object, ...]]] = {}

    def says(messages, tools, sampling) -> Completion:
        seen["now"].append((tuple(messages), tools, sampling))
        return answer(protocol, messages, sampling.seed)

    def play(budget: Budget, repeat: int) -> Episode:
        spec = EpisodeSpec(task=task, cell=cell(protocol=protocol, budget=budget), repeat=repeat, harness="h")
        seen["now"] = []
        return run_episode(spec, lambda: Scripted(answers=says), lambda t: factory.open(t, tmp_path))

    stops, passes, checked = set(), 0, 0
    for repeat in range(16):
        whole = play(Budget(turns=9), repeat)
        asked = seen["now"]
        long = graded(whole, {(task.digest, s): in_memory(factory, task, s) for s in factory.kept})
        assert long is not None
        for budget in BUDGETS:
            capped = play(budget, repeat)
            assert disagreement(long, capped, budget) is None
            # The prompt of every turn, its tools and its sampling: none of them knows the budget.
            assert seen["now"] == asked[: len(seen["now"])]
            stops.add(capped.stop)
            passes += bool(capped.passed)
            checked += 1
    assert checked >= 200
    assert {"turns", "tokens", "context"} <= stops
    assert 0 < passes < checked


def in_memory(factory: MemoryFactory, task: Task, snapshot: str) -> bool:
    with factory.open(task, Path()) as sandbox:
        sandbox.restore(snapshot)
        return grade(task, sandbox).passed


def test_seconds_are_checked_like_the_others(tmp_path: Path):
    """A spent budget of seconds ends an episode before its next turn, and the turn under way counts."""
    task = load_task(task_folder(tmp_path), "t")
    factory = MemoryFactory(answer=shell, verifier=hidden)
    slow = Scripted(answers=[f"```python solution.py\n{body}```" for body in BODIES[1:]], piece_s=0.005)

    def play(budget: Budget) -> Episode:
        spec = EpisodeSpec(task=task, cell=cell(budget=budget), repeat=0, harness="h")
        return run_episode(spec, lambda: slow, lambda t: factory.open(t, tmp_path))

    whole, capped = play(Budget(turns=3)), play(Budget(turns=3, seconds=0.001))
    long = graded(whole, {(task.digest, s): in_memory(factory, task, s) for s in factory.kept})
    assert long is not None
    assert disagreement(long, capped, Budget(turns=3, seconds=0.001)) is None
    assert (len(capped.turns), capped.stop) == (1, "seconds")


@pytest.fixture(scope="module")
def gguf() -> Path:
    cache = Path(os.environ.get("LLMSWEEP_CACHE") or platformdirs.user_cache_path("llmsweep"))
    path = Path(os.environ.get("LLMSWEEP_TEST_GGUF") or cache / "models/smollm2.gguf")
    if not path.is_file():
        pytest.skip(f"{path} is missing: llmsweep models pull smollm2, or set LLMSWEEP_TEST_GGUF")
    return path


@pytest.fixture(scope="module")
def model(gguf: Path) -> Iterator[LlamaCpp]:
    """Greedy decoding repeats itself where the same numbers are added up in the same order: one stream, and every prompt
    computed from its beginning, so that it does not matter which one came before.
    """
    with LlamaCpp(gguf=gguf, slots=1, context=2048, cache_prompt=False) as provider:
        yield provider


@pytest.fixture
def sandbox() -> Bubblewrap:
    """With walls: the workspace has the same name each time, and what a check prints is read by the model."""
    factory = Bubblewrap()
    try:
        factory.check()
    except UnfitError as e:
        pytest.skip(str(e))
    return factory


CAPS = [*(Budget(turns=n) for n in (1, 2, 3, 4)), *(Budget(turns=5, tokens=n) for n in (250, 500, 900, 1400))]
CAPS += [Budget(turns=2, tokens=900)]


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_capped_runs_and_truncated_replays_agree_for_a_model(
    model: LlamaCpp, sandbox: Bubblewrap, tmp_path: Path
):
    tasks = load_suite(shipped()["micro"]).pick(tiers=[1, 2]).tasks[:23]
    longs = [play_task(model, task, Budget(turns=5), sandbox, tmp_path) for task in tasks]
    runs = replays(longs, tasks, sandbox, tmp_path)
    differing, checked = [], 0
    for run, task in zip(runs, tasks, strict=True):
        for budget in CAPS:
            capped = play_task(model, task, budget, sandbox, tmp_path)
            checked += 1
            if (why := disagreement(run, capped, budget)) is not None:
                differing.append(f"{task.id} under {budget}: {why}")
    print(f"{checked - len(differing)} of {checked} capped episodes agree with the replay")
    assert checked >= 200
    assert max(len(run.after) for run in runs) == 5
    assert not differing


def play_task(provider: Provider, task: Task, budget: Budget, sandbox: SandboxFactory, kept: Path) -> Episode:
    like = cell(protocol="whole_file", max_tokens=96, budget=budget, context=2048)
    spec = EpisodeSpec(task=task, cell=like, repeat=0, harness=harness_digest("whole_file", "thin"))

    def opened(task: Task) -> AbstractContextManager[Sandbox]:
        return sandbox.open(task, kept / "snapshots")

    return run_episode(spec, lambda: provider, opened)


def replays(longs: list[Episode], tasks: tuple[Task, ...], sandbox: SandboxFactory, kept: Path) -> list[Run]:
    """The long runs with each turn graded from the kept workspaces, as `llmsweep budgets` does it."""
    known = given(longs)
    grades = Grades.read(kept, "v")
    bench = Bench(tasks={task.digest: task for task in tasks}, sandbox=sandbox, snapshots=kept / "snapshots")
    tally = regrade([place for place in wanted(longs) if place not in known], bench, grades)
    assert (tally.missing, tally.faults) == (0, 0)
    runs = [graded(episode, {**grades.known, **known}) for episode in longs]
    assert all(run is not None for run in runs)
    return [run for run in runs if run is not None]
