"""Identity: what a cell is called must outlive every new field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from builders import cell
from llmsweep.store import find_logs
from llmsweep.types import Budget, Cell, Episode, EpisodeSpec, Sampling, Task, Verifier

PUBLISHED = Path(__file__).parents[1] / "results" / "published"
OLDEST = Cell(
    model="m",
    revision="r1",
    sampling=Sampling(temperature=0.4, top_p=0.9, reasoning="low", max_tokens=64, seed=7),
    protocol="native",
    budget=Budget(turns=4, tokens=1000),
    context=2048,
)
"""As it could be written before there was top_k, min_p or repeat_penalty."""
TASK = Task(
    id="s/t", prompt="", digest="d", environment=Path("e"), verifier=Verifier(tests=Path("t"), timeout_s=1)
)


def test_a_cell_that_sets_no_later_field_has_the_name_that_it_always_had():
    assert OLDEST.id == "b5555dac5cc1"
    spec = EpisodeSpec(task=TASK, cell=OLDEST, repeat=2, harness="h")
    assert spec.key == "f0c225039c0cb06f334f6d40817b6db32c9cb683670e6ce6a2e3cb10af5c28be"


def test_published_episodes_keep_their_cells_and_keys():
    logs = [log for sweep in PUBLISHED.iterdir() if sweep.is_dir() for log in find_logs(sweep)]
    lines = [line for log in logs for line in (log / "episodes.jsonl").read_bytes().splitlines()]
    for line in lines:
        episode = msgspec.json.decode(line, type=Episode)
        assert episode.cell.id == episode.cell_id
        spec = EpisodeSpec(
            task=replace(TASK, digest=episode.task_digest),
            cell=episode.cell,
            repeat=episode.repeat,
            harness=episode.harness,
        )
        assert spec.key == episode.key
    assert lines


@pytest.mark.parametrize("changes", [{"top_k": 0}, {"min_p": 0.0}, {"repeat_penalty": 1.0}], ids=str)
def test_a_later_field_that_is_set_makes_another_cell_and_survives_the_log(changes: dict[str, float]):
    changed = cell(**changes)
    assert changed.id != cell().id
    again = msgspec.json.decode(msgspec.json.encode(changed), type=Cell)
    assert again == changed
    assert again.id == changed.id


def test_each_later_field_makes_a_cell_of_its_own():
    cells = [cell(top_k=1), cell(min_p=1.0), cell(repeat_penalty=1.0), cell(top_k=1, min_p=1.0), cell()]
    assert len({one.id for one in cells}) == len(cells)
