"""How long the command line takes to answer, in CPU seconds of the whole process, and what it must not import."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pandas", "matplotlib", "openai", "numpy", "optuna", "anthropic", "ollama", "xllamacpp", "httpx")


def cpu_seconds(*args: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "llmsweep", *args], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.slow
@pytest.mark.parametrize("args", [["--help"], ["model=smollm2", "--cfg", "job"]], ids=["help", "cfg"])
def test_the_command_line_answers_quickly(benchmark, args: list[str]):
    taken: list[float] = []
    benchmark.pedantic(lambda: taken.append(cpu_seconds(*args)), rounds=5, warmup_rounds=1)
    taken.sort()
    benchmark.extra_info["cpu_s_median"] = taken[len(taken) // 2]
    benchmark.extra_info["compared"] = {"cpu_s": taken[len(taken) // 2]}
    assert taken[0] < 0.6


@pytest.mark.parametrize("args", [["--help"], ["model=smollm2", "--cfg", "job"]], ids=["help", "cfg"])
def test_nothing_heavy_is_imported_for_it(args: list[str]):
    out = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "llmsweep", *args],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in out.splitlines()}
    assert "hydra" in imported
    assert not imported & set(HEAVY)


@pytest.mark.slow
def test_resuming_a_log_of_100_000_episodes(benchmark, tmp_path: Path):
    """Opening it and finding what is owed, in a process of its own, for its memory counts too."""
    code = RESUME.format(folder=str(tmp_path), tests=str(Path(__file__).parent.parent))
    subprocess.run([sys.executable, "-c", WRITE + code], check=True)
    seen: list[tuple[float, float]] = []

    def resume() -> None:
        out = subprocess.run(
            [sys.executable, "-c", code + MEASURE], check=True, capture_output=True, text=True
        ).stdout
        seconds, megabytes = out.split()
        seen.append((float(seconds), float(megabytes)))

    benchmark.pedantic(resume, rounds=3, warmup_rounds=1)
    seconds, megabytes = sorted(seen)[len(seen) // 2]
    benchmark.extra_info.update(seconds=seconds, megabytes=megabytes)
    benchmark.extra_info["compared"] = {"cpu_s": seconds, "megabytes": megabytes}
    assert seconds < 3
    assert megabytes < 300


WRITE = "writing = True\n"
RESUME = """
import sys; sys.path.insert(0, {tests!r})
import time, resource
from dataclasses import replace
from pathlib import Path
import msgspec
from builders import cell, episode, task
from llmsweep.store import EPISODES, EpisodeLog
from llmsweep.sweep.strategies import Design, grid
tasks = [task(f"micro/some-task-{{n}}") for n in range(200)]
space = {{"temperature": [n / 10 for n in range(1, 11)], "turns": [4, 8]}}
strategy = grid(Design(baseline=cell(), space=space, tasks=tasks, harness=lambda c: "h" * 64, repeats=25))
folder = Path({folder!r})
if globals().get("writing"):
    with (folder / EPISODES).open("wb") as file:
        for spec in strategy.all()[:-10]:
            one = episode(spec)
            file.write(msgspec.json.encode(replace(one, turns=one.turns * 5)) + b"\\n")
"""
MEASURE = """
began = time.process_time()
with EpisodeLog(folder) as log:
    owed = strategy.next(log.table)
assert (len(log.table), len(owed)) == (99990, 10)
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
