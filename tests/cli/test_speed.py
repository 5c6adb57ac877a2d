"""The measured speed beside the bound: the median turn's, by the server's own clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

import builders
from llmsweep.cli.speed import decode_rate
from llmsweep.types import Episode, Turn, Usage


def turn(tokens: int | None, seconds: float | None) -> Turn:
    return Turn(usage=Usage(output_tokens=tokens), decode_s=seconds)


def test_the_median_turn_counts_and_turns_that_tell_nothing_do_not():
    turns = (turn(11, 1.0), turn(21, 1.0), turn(101, 1.0), turn(1, 1.0), turn(None, 1.0), turn(50, None))
    episode = Episode(
        key="k",
        task_id="t",
        task_digest="d",
        cell=builders.cell(),
        cell_id="c",
        harness="h",
        repeat=0,
        passed=True,
        stop="submitted",
        turns=turns,
    )
    assert decode_rate([episode]) == pytest.approx(20)
    assert decode_rate([replace(episode, turns=())]) is None
