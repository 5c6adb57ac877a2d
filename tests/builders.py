"""Small builders for tests: a cell, a task folder, an episode, each with only what a test wants to differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from llmsweep.types import (
    Budget,
    Cell,
    Episode,
    EpisodeSpec,
    Sampling,
    Task,
    Turn,
    Usage,
    Verifier,
)

TEST_SH = """#!/bin/bash
logs=${LOGS_DIR:-/logs}/verifier; mkdir -p "$logs"; echo 0 > "$logs/reward.txt"
python3 "${TESTS_DIR:-/tests}/hidden.py" && echo 1 > "$logs/reward.txt"
"""
HIDDEN = (
    "import os, sys\nsys.path.insert(0, os.getcwd())\nfrom solution import double\nassert double(4) == 8\n"
)
CHECK = "from solution import double\nassert double(2) == 4, f'double(2) returned {double(2)}, expected 4'\n"


def cell(**changes: Any) -> Cell:
    base = Cell(
        model="m",
        revision="r1",
        sampling=Sampling(temperature=0.0, max_tokens=64),
        protocol="whole_file",
        budget=Budget(turns=2),
    )
    sampling = {k: changes.pop(k) for k in list(changes) if hasattr(base.sampling, k)}
    return replace(base, sampling=replace(base.sampling, **sampling), **changes)


def task_folder(root: Path, name: str = "double", **files: str) -> Path:
    """A sound task: write solution.py with double(n)."""
    folder = root / name
    content = {
        "task.toml": 'schema_version = "1.4"\n[task]\nname = "t/double"\n'
        '[metadata]\ntier = 1\ncheck = "python3 check.py"\n[verifier]\ntimeout_sec = 20\n',
        "instruction.md": "Write `solution.py` with a function `double(n)` that returns twice n.\n",
        "environment/check.py": CHECK,
        "environment/solution.py": "def double(n):\n    raise NotImplementedError\n",
        "tests/test.sh": TEST_SH,
        "tests/hidden.py": HIDDEN,
        "solution/solve.sh": "cat > solution.py <<'X'\ndef double(n):\n    return 2 * n\nX\n",
        **files,
    }
    for path, text in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def task(name: str = "t/one", **changes: Any) -> Task:
    base = Task(
        id=name,
        prompt="Write `solution.py`.",
        digest=f"digest of {name}",
        environment=Path("/nonexistent"),
        verifier=Verifier(tests=Path("/nonexistent"), timeout_s=10),
        check="check",
    )
    return replace(base, **changes)


def episode(spec: EpisodeSpec | None = None, *, passed: bool | None = True, **changes: Any) -> Episode:
    spec = spec or EpisodeSpec(task=task(), cell=cell(), repeat=0, harness="h")
    usage = Usage(input_tokens=100, output_tokens=20)
    base = Episode(
        key=spec.key,
        task_id=spec.task.id,
        task_digest=spec.task.digest,
        cell=spec.cell,
        cell_id=spec.cell.id,
        harness=spec.harness,
        repeat=spec.repeat,
        passed=passed,
        stop="submitted" if passed is not None else "error",
        fault=None if passed is not None else "provider",
        turns=(Turn(usage=usage, ttft_s=0.1, ttfo_s=0.1, duration_s=1.0),),
        duration_s=1.5,
        machine="here",
    )
    return replace(base, **changes)
