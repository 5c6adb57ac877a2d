"""What budget curves rest on: a run under a smaller budget and the long run cut short agree, episode by episode."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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


@pytest.fixture
def sandbox() -> Bubblewrap:
    """With walls: the workspace has the same name each time, and what a check prints is read by the model."""
    factory = Bubblewrap()
    try:
        factory.check()
    except UnfitError as e:
        pytest.skip(str(e))
    return factory


CAPS = [
    Budget(turns=1),
    Budget(turns=2),
    Budget(turns=3),
    Budget(turns=4, tokens=300),
    Budget(turns=4, tokens=700),
]
TASKS = 20


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_capped_runs_and_truncated_replays_agree_for_a_model(gguf: Path, sandbox: Bubblewrap, tmp_path: Path):
    """Two servers with one stream and one thread each, so that the same numbers are added up in the same order.

    How much of a prompt a slot still knows from the one before changes the rounding too: each task must follow the same
    one every time, the first one included, so that an episode of the last task goes before all.
    """
    tasks = load_suite(shipped()["micro"]).tasks[::2][:TASKS]
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda p: compare(gguf, p, tasks, sandbox, tmp_path), ("whole_file", "fenced"))
        outcomes = [outcome for of_protocol in done for outcome in of_protocol]
    differing = [why for why in outcomes if why is not None]
    print(f"{len(outcomes) - len(differing)} of {len(outcomes)} capped episodes agree with the replay")
    assert len(outcomes) >= 200
    assert not differing


def compare(
    gguf: Path, protocol: str, tasks: Sequence[Task], sandbox: SandboxFactory, kept: Path
) -> list[str | None]:
    """How each capped episode differs from the long one cut short; None where it does not."""
    found = []
    with LlamaCpp(gguf=gguf, slots=1, context=2048, threads=1) as model:
        play(model, protocol, tasks[-1], Budget(turns=1), sandbox, kept)
        longs = [play(model, protocol, task, Budget(turns=4), sandbox, kept) for task in tasks]
        assert max(len(episode.turns) for episode in longs) > 2
        for budget in CAPS:
            for long, task in zip(replays(longs, tasks, sandbox, kept), tasks, strict=True):
                why = disagreement(long, play(model, protocol, task, budget, sandbox, kept), budget)
                found.append(None if why is None else f"{protocol} {task.id} under {budget}: {why}")
    return found


def play(
    provider: Provider, protocol: str, task: Task, budget: Budget, sandbox: SandboxFactory, kept: Path
) -> Episode:
    like = cell(protocol=protocol, max_tokens=64, budget=budget, context=2048)
    spec = EpisodeSpec(task=task, cell=like, repeat=0, harness=harness_digest(protocol, "thin"))

    def opened(task: Task) -> AbstractContextManager[Sandbox]:
        return sandbox.open(task, kept / "snapshots")

    return run_episode(spec, lambda: provider, opened)


def replays(
    longs: Sequence[Episode], tasks: Sequence[Task], sandbox: SandboxFactory, kept: Path
) -> list[Run]:
    """The long runs with each turn graded from the kept workspaces, as `llmsweep budgets` does it."""
    known = given(longs)
    grades = Grades.read(kept, longs[0].cell.protocol)
    bench = Bench(
        tasks={task.digest: task for task in tasks}, sandbox=sandbox, snapshots=kept / "snapshots", at_once=1
    )
    tally = regrade([place for place in wanted(longs) if place not in known], bench, grades)
    assert (tally.missing, tally.faults) == (0, 0)
    runs = [graded(episode, {**grades.known, **known}) for episode in longs]
    assert all(run is not None for run in runs)
    return [run for run in runs if run is not None]
