"""What the harness itself costs: CPU a turn without a process, with a sandboxed command, and episodes a second."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from builders import cell, task_folder
from llmsweep.agent.loop import run_episode
from llmsweep.errors import UnfitError
from llmsweep.providers.scripted import Scripted
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.store import EpisodeLog
from llmsweep.suite import load_task
from llmsweep.testing.memory import MemoryFactory
from llmsweep.types import Budget, Completion, EpisodeSpec, Message, Observation, ToolCall, Usage

TURNS = 5
WRITES = [
    Completion(
        message=Message(role="assistant", content=f"```python solution.py\nx = {n}\n```"),
        usage=Usage(input_tokens=100, output_tokens=20),
    )
    for n in range(TURNS)
]


def bash(n: int) -> Completion:
    call = ToolCall(id=f"c{n}", name="bash", arguments='{"command": "true"}')
    return Completion(message=Message(role="assistant", content=str(n), tool_calls=(call,)))


def cpu_s() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


@pytest.mark.slow
def test_cpu_of_a_turn_without_a_process(benchmark, tmp_path: Path):
    """Whole five-turn episodes, kept in a real log with transcripts: at most 1 ms CPU a turn, 100 episodes a second."""
    task = load_task(task_folder(tmp_path), "t")
    failing = MemoryFactory(answer=lambda c, f: Observation(exit_code=1, output="no"))
    counter = iter(range(10**6))
    used: list[float] = []
    with EpisodeLog(tmp_path / "log") as log:

        def episodes() -> None:
            before = cpu_s()
            for _ in range(20):
                spec = EpisodeSpec(
                    task=task, cell=cell(budget=Budget(turns=TURNS)), repeat=next(counter), harness="h"
                )
                provider = Scripted(answers=WRITES)
                log.append(run_episode(spec, lambda p=provider: p, lambda t: failing.open(t, tmp_path)))
            used.append((cpu_s() - before) / 20)

        benchmark.pedantic(episodes, rounds=10, warmup_rounds=1)
    median = sorted(used)[len(used) // 2]
    benchmark.extra_info.update(cpu_ms_a_turn=1e3 * median / TURNS, episodes_a_core_second=1 / median)
    benchmark.extra_info["compared"] = {"cpu_ms_a_turn": 1e3 * median / TURNS}
    assert 1e3 * median / TURNS <= 1.0
    assert 1 / median >= 100


@pytest.mark.slow
def test_cpu_of_a_turn_with_a_sandboxed_command(benchmark, tmp_path: Path):
    """The difference that twenty turns make to an episode, so that opening and grading are not in it: at most 6 ms a turn."""
    sandbox = Bubblewrap()
    try:
        sandbox.check()
    except UnfitError as e:
        pytest.skip(str(e))
    task = load_task(task_folder(tmp_path), "t")
    used: list[float] = []

    def episode(turns: int) -> float:
        spec = EpisodeSpec(
            task=task, cell=cell(protocol="native", budget=Budget(turns=turns)), repeat=0, harness="h"
        )
        provider = Scripted(answers=[bash(n) for n in range(turns)])
        before = cpu_s()
        done = run_episode(spec, lambda: provider, lambda t: sandbox.open(t, tmp_path / "snapshots"))
        assert len(done.turns) == turns
        assert done.fault is None
        return cpu_s() - before

    benchmark.pedantic(lambda: used.append((episode(21) - episode(1)) / 20), rounds=9, warmup_rounds=1)
    median = sorted(used)[len(used) // 2]
    benchmark.extra_info.update(cpu_ms_a_turn=1e3 * median)
    benchmark.extra_info["compared"] = {"cpu_ms_a_turn": 1e3 * median}
    assert 1e3 * median <= 6.0
