"""Grading: the hidden tests are shown to the sandbox only now; their reward file decides, never an exit code."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from llmsweep.errors import VerifierError
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import Ceiling, Stop, Task, Turn

_REWARD_BYTES = 1 << 16


def grade(task: Task, sandbox: Sandbox) -> float:
    """The task's reward, 1 is a pass (Harbor's rule: reward.json wins over reward.txt).

    Raises VerifierError when the tests leave no number: the task is broken then, not the model.
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


def read_reward(folder: Path) -> float:
    """The number in reward.json or reward.txt. Raises OSError or ValueError where there is none."""
    structured = folder / "reward.json"
    if not structured.is_file():
        return _finite(float(_text(folder / "reward.txt")))
    values = json.loads(_text(structured))
    if not isinstance(values, dict) or not values:
        raise ValueError("reward.json is no object of numbers")
    # One headline number where the task names it, else the worst of the parts: a pass means all of them.
    chosen = [values["reward"]] if "reward" in values else list(values.values())
    return min(_finite(float(v)) for v in chosen)


def _text(file: Path) -> str:
    """The file's text. Model-written code could write there too: a link out of the folder, a pipe that never ends or
    a flood is refused.
    """
    if file.is_symlink() or not file.is_file():
        raise ValueError(f"there is no file {file.name}")
    if file.stat().st_size > _REWARD_BYTES:
        raise ValueError(f"{file.name} is longer than {_REWARD_BYTES} bytes")
    return file.read_text(encoding="utf-8")


def ceiling(stop: Stop, turns: Sequence[Turn]) -> Ceiling:
    """What a failed episode ran into.

    A spent budget is named only where it cut work short. A last answer that failed the visible check, or
    was malformed, was the model's best try, and a last turn that changed nothing in the workspace had no
    more to come: these are capability, whatever budget ended them. Time that ran out counts as turns: more
    of it would have bought more of them.
    """
    if stop == "context":
        return "context"
    if turns and turns[-1].stop_reason == "length":
        return "token"
    if stop in ("turns", "seconds", "tokens") and not _tried_and_failed(turns) and not _stood_still(turns):
        return "token" if stop == "tokens" else "turn"
    return "capability"


def _tried_and_failed(turns: Sequence[Turn]) -> bool:
    return bool(turns) and any(
        act.status == "malformed" or (act.name == "check" and act.status != "ok") for act in turns[-1].acts
    )


def _stood_still(turns: Sequence[Turn]) -> bool:
    return len(turns) > 1 and turns[-1].snapshot is not None and turns[-1].snapshot == turns[-2].snapshot


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"the reward is {value}")
    return value
