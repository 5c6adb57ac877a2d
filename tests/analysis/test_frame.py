from __future__ import annotations

from dataclasses import replace

import pandas as pd
import sample

import builders
from llmsweep.analysis.frame import COLUMNS, TURN_COLUMNS, frame, scored, turns_frame, varied
from llmsweep.types import Act, Turn, Usage


def turns(*usages: tuple[int | None, int | None], **changes) -> tuple[Turn, ...]:
    return tuple(Turn(usage=Usage(input_tokens=i, output_tokens=o), **changes) for i, o in usages)


def test_one_row_an_episode_with_the_documented_columns_and_types():
    data = frame(sample.sweep(sample.temperature_cells(), tasks=3))
    assert len(data) == 3 + 3 * 9
    assert {name: str(dtype) for name, dtype in data.dtypes.items()} == {
        name: column.dtype for name, column in COLUMNS.items()
    }
    assert list(frame([]).columns) == list(COLUMNS)


def test_what_one_turn_did_not_report_makes_the_sum_unknown():
    data = frame([builders.episode(turns=turns((100, 20), (None, 30)))])
    assert data["input_tokens"].isna().all()
    assert data["tokens"].isna().all()
    assert data["reasoning_tokens"].isna().all()
    assert data["output_tokens"].tolist() == [50]
    assert frame([builders.episode(turns=turns((100, 20), (0, 0)))])["tokens"].tolist() == [120]
    assert frame([builders.episode(turns=())])["tokens"].isna().all()


def test_joules_that_nobody_measured_are_unknown_and_not_zero():
    data = frame(
        builders.episode(sample.spec(builders.cell(), repeat=r), joules=j) for r, j in enumerate((12.5, None))
    )
    assert data["joules"].isna().tolist() == [False, True]
    assert data["joules"].sum() == 12.5


def test_ttft_is_that_of_the_first_warm_turn_and_the_cold_one_stands_apart():
    cold, warm, later = (Turn(usage=Usage(), ttft_s=s, cold=s == 9) for s in (9, 0.2, 0.7))
    data = frame([builders.episode(turns=(cold, warm, later))])
    assert (data["ttft_s"].tolist(), data["ttft_cold_s"].tolist()) == ([0.2], [9])
    unseen = frame([builders.episode(turns=(replace(warm, ttft_s=None), later))])
    assert unseen["ttft_s"].isna().all(), "a later turn has a longer prompt: it is no stand-in"
    assert frame([builders.episode(turns=(cold,))])["ttft_s"].isna().all()


def test_the_last_scored_line_of_a_key_counts_and_faults_are_counted():
    fault = builders.episode(passed=None)
    failed, passed = builders.episode(passed=False), builders.episode(passed=True)
    data = frame([fault, fault, failed, passed])
    assert (len(data), data["passed"].tolist(), data["faults"].tolist()) == (1, [True], [2])
    assert frame([passed, fault])["passed"].tolist() == [True], "a later fault takes no result away"
    never = frame([fault, fault])
    assert never["passed"].isna().all()
    assert never["faults"].tolist() == [2]
    assert scored(never).empty


def test_reasoning_levels_and_missing_budgets_keep_their_meaning():
    cells = [builders.cell(reasoning=level) for level in (False, True, "high")]
    data = frame(builders.episode(sample.spec(cell)) for cell in cells)
    assert data["reasoning"].tolist() == ["off", "on", "high"]
    assert data["tokens_budget"].isna().all()
    assert varied(data) == ["reasoning"]


def test_one_row_a_turn_of_the_episodes_that_count():
    acts = (Act(name="run", status="ok"), Act(name="run", status="failed"))
    done = builders.episode(turns=(*turns((1, 2)), *turns((3, None), acts=acts)))
    data = turns_frame([builders.episode(passed=None), done])
    assert data["turn"].tolist() == [0, 1]
    assert data["acts"].tolist() == [0, 2]
    assert data["acts_ok"].tolist() == [0, 1]
    assert data["output_tokens"].tolist() == [2, pd.NA]
    assert {name: str(dtype) for name, dtype in data.dtypes.items()} == {
        name: column.dtype for name, column in TURN_COLUMNS.items()
    }
