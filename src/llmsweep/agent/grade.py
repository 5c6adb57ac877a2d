"""Grading: the hidden tests are shown to the sandbox only now; their reward file decides, never an exit code."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from llmsweep.errors import VerifierError
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import Task

_REWARD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What the hidden tests say. ``reward``: 1 is a pass; ``milestones``: its parts for tasks with partial credit."""

    reward: float
    milestones: dict[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.reward >= 1

    @property
    def progress(self) -> float | None:
        """The share of the milestones that hold, each counting alike; None where the task has none."""
        return sum(self.milestones.values()) / len(self.milestones) if self.milestones else None


def grade(task: Task, sandbox: Sandbox) -> Grade:
    """The task's own verdict (Harbor's rule: reward.json wins over reward.txt).

    Raises VerifierError when the tests leave no number or do not end.
    """
    with tempfile.TemporaryDirectory(prefix="llmsweep-logs-") as folder:
        logs = Path(folder)
        (logs / "verifier").mkdir()
        result = sandbox.verify(task.verifier.tests, logs, task.verifier.timeout_s)
        if result.killed == "timeout":
            raise VerifierError(
                f"{task.id}: tests/test.sh ran past its {task.verifier.timeout_s:.0f} s; it must bound what it runs"
            )
        try:
            return read_reward(logs / "verifier")
        except (OSError, ValueError) as e:
            tail = result.output.strip()[-300:]
            raise VerifierError(f"{task.id}: tests/test.sh left no reward ({e}); it said: {tail!r}") from e


def verdict(task: Task, sandbox: Sandbox, open_fresh: Callable[[], AbstractContextManager[Sandbox]]) -> Grade:
    """The grade; a failure where it was the workspace that kept the tests from giving one.

    Tests that run the workspace's code in their own process can be hung or killed by it. Where they do give a verdict
    on an untouched workspace, they are sound, and what broke them is what the model wrote: were that a fault, the
    worst attempts would drop out of every rate. Raises VerifierError where the tests themselves are broken.
    """
    try:
        return grade(task, sandbox)
    except VerifierError:
        with open_fresh() as untouched:
            grade(task, untouched)
        return Grade(reward=0.0)


def read_reward(folder: Path) -> Grade:
    """What reward.json or reward.txt says. Raises OSError or ValueError where neither says anything.

    One headline number where reward.json names it ``reward``, its other keys being milestones; else the worst of its
    parts, since a pass means all of them.
    """
    structured = folder / "reward.json"
    if not structured.is_file():
        return Grade(reward=_finite(float(_text(folder / "reward.txt"))))
    values = json.loads(_text(structured))
    if not isinstance(values, dict) or not values:
        raise ValueError("reward.json is no object of numbers")
    parts = {str(name): _finite(float(value)) for name, value in values.items()}
    reward = parts.pop("reward") if "reward" in parts else min(parts.values())
    return Grade(reward=reward, milestones=parts)


def _text(file: Path) -> str:
    """The file's text. Model-written code could write there too: a link out of the folder, a pipe that never ends or
    a flood is refused.
    """
    if file.is_symlink() or not file.is_file():
        raise ValueError(f"there is no file {file.name}")
    if file.stat().st_size > _REWARD_BYTES:
        raise ValueError(f"{file.name} is longer than {_REWARD_BYTES} bytes")
    return file.read_text(encoding="utf-8")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"the reward is {value}")
    return value
