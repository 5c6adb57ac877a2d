from __future__ import annotations

import os
from pathlib import Path

import pytest

from llmsweep.agent.grade import Grade, read_reward


@pytest.mark.parametrize(
    ("file", "text", "found", "progress"),
    [
        ("reward.txt", "1\n", Grade(reward=1.0), None),
        ("reward.txt", "0.25", Grade(reward=0.25), None),
        ("reward.json", '{"reward": 0, "a": 1, "b": 0}', Grade(reward=0, milestones={"a": 1, "b": 0}), 0.5),
        ("reward.json", '{"a": 1, "b": 0.5}', Grade(reward=0.5, milestones={"a": 1, "b": 0.5}), 0.75),
    ],
)
def test_rewards(tmp_path: Path, file: str, text: str, found: Grade, progress: float | None):
    (tmp_path / file).write_text(text)
    assert read_reward(tmp_path) == found
    assert found.progress == progress


def test_json_wins_over_text(tmp_path: Path):
    (tmp_path / "reward.txt").write_text("0")
    (tmp_path / "reward.json").write_text('{"reward": 1}')
    assert read_reward(tmp_path).passed


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("reward.txt", ""),
        ("reward.txt", "nan"),
        ("reward.txt", "pass"),
        ("reward.json", "[]"),
        ("reward.json", "{}"),
        ("reward.json", '{"reward": "x"}'),
        ("other.txt", "1"),
    ],
)
def test_what_is_no_number_is_an_error_and_never_a_zero(tmp_path: Path, file: str, text: str):
    (tmp_path / file).write_text(text)
    with pytest.raises((OSError, ValueError)):
        read_reward(tmp_path)


def test_neither_a_link_nor_a_pipe_nor_a_flood_is_read(tmp_path: Path):
    reward = tmp_path / "reward.txt"
    (tmp_path / "elsewhere").write_text("1")
    reward.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="no file"):
        read_reward(tmp_path)
    reward.unlink()
    os.mkfifo(reward)
    with pytest.raises(ValueError, match="no file"):
        read_reward(tmp_path)
    reward.unlink()
    reward.write_text("1" * 100_000)
    with pytest.raises(ValueError, match="longer"):
        read_reward(tmp_path)
