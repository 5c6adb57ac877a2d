from __future__ import annotations

import math
import re

import pytest
import sample

import builders
from llmsweep.analysis.cells import axis_slice
from llmsweep.analysis.frame import frame
from llmsweep.analysis.recommend import Recommendation, cells_table, recommend
from llmsweep.errors import UsageError
from llmsweep.types import Cell, Episode, Turn, Usage

COLD, WARM, HOT = (builders.cell(temperature=t) for t in (0.0, 0.4, 1.2))
YES, NO = (True, True, True), (False, False, False)


def cost(tokens: int | None) -> tuple[Turn, ...]:
    return (Turn(usage=Usage(input_tokens=tokens, output_tokens=tokens and 0), duration_s=1.0),)


def sweep(*cells: tuple[Cell, list[tuple[bool | None, ...]], int | None], **changes) -> list[Episode]:
    return [
        e
        for cell, passed, tokens in cells
        for e in sample.outcomes(cell, passed, turns=cost(tokens), **changes)
    ]


def verdict(episodes: list[Episode], baseline: Cell = COLD, strategy: str = "grid", **more) -> Recommendation:
    return recommend(frame(episodes), baseline.id, strategy, **more)


def test_the_cheapest_of_the_cells_that_cannot_be_told_from_the_best_is_recommended():
    half = [YES * 3, NO * 3] * 20
    found = verdict(sweep((COLD, half, 900), (WARM, half, 500), (HOT, [NO * 3] * 40, 100)))
    assert found.cell_id == WARM.id, "the cheapest of all is worse, the baseline is dearer"
    assert set(found.tied) == {COLD.id, WARM.id}
    assert (found.status, found.ranked_by) == ("provisional", "tokens")
    assert (found.tasks, found.episodes) == (40, 360)
    assert found.rate == pytest.approx(0.5, abs=0.01)
    assert 0.4 < found.low < found.high < 0.6, "of these tasks"
    assert any("35–65 %" in text or "34–66 %" in text for text in found.evidence), "and of tasks like these"
    assert found.belief > 0.95


def test_how_many_more_tasks_or_repeats_would_tell_the_two_best_apart():
    """Each cell passes every other attempt of some tasks: chance, which repeats make smaller."""
    cells = [(COLD, [(True, False), (False, True), YES[:2], NO[:2]] * 4, 100)]
    cells += [(WARM, [(False, True), (True, False), YES[:2], NO[:2]] * 4, 100)]
    (sentence,) = (text for text in verdict(sweep(*cells)).would_change_it if text.startswith("More tasks"))
    numbers = [
        int(n.replace(",", ""))
        for n in re.findall(r"about ([\d,]+)|\(([\d,]+) more", sentence)
        for n in n
        if n
    ]
    tasks, by_tasks, attempts, by_repeats = numbers
    assert tasks > 16
    assert by_tasks == pytest.approx(4 * (tasks - 16), rel=0.1)
    assert attempts > 2
    assert by_repeats == pytest.approx(2 * 16 * (attempts - 2), rel=0.15)


def test_where_cells_differ_by_task_no_repeats_help():
    passed = [YES, NO] * 10
    cells = [(COLD, passed, 100), (WARM, passed[::-1], 100)]
    (sentence,) = (text for text in verdict(sweep(*cells)).would_change_it if text.startswith("More tasks"))
    assert sentence.endswith("; no number of repeats on these tasks would do.")


def test_the_tasks_of_all_cells_count():
    """A race tries each cell on other tasks."""
    episodes = sweep((COLD, [YES, NO] * 10, 100), (WARM, [YES, NO] * 10, 100))
    names = sorted({e.task_id for e in episodes})
    halves = {COLD.id: names[:9], WARM.id: names[7:]}
    episodes = [e for e in episodes if e.task_id in halves[e.cell_id]]
    found = verdict(episodes)
    assert found.covered == 20
    assert not any("fewer than" in text for text in (found.caveat, *found.caveats))


def test_costs_that_are_alike_do_not_buy_a_lower_rate():
    better, worse = [YES, NO] * 15, [YES, NO] * 14 + [NO, NO]
    episodes = sweep((COLD, better, 500), (WARM, worse, 499), (HOT, [NO] * 30, 100))
    assert verdict(episodes).cell_id == COLD.id


def test_seconds_decide_where_tokens_are_not_reported():
    half = [YES, NO] * 15
    slow, quick = (sweep((c, half, t), duration_s=s) for c, t, s in ((COLD, 10, 9.0), (WARM, None, 2.0)))
    found = verdict([*slow, *quick])
    assert (found.cell_id, found.ranked_by) == (WARM.id, "seconds")
    assert any("Tokens were not reported" in text for text in (found.caveat, *found.caveats))


def test_a_table_row_holds_rates_costs_ends_and_faults():
    episodes = [
        *sample.outcomes(COLD, [(True,), (False,)] * 10, turns=cost(100), stop="turns"),
        *sample.outcomes(WARM, [(True, None, False)] * 10),
    ]
    table = cells_table(frame(episodes), COLD.id)
    base, warm = table.loc[COLD.id], table.loc[WARM.id]
    assert (base["label"], warm["label"]) == ("baseline (temperature 0)", "temperature 0.4")
    assert (base["episodes"], base["passes"], base["stop_turns"], base["ceiling_capability"]) == (
        20,
        10,
        20,
        10,
    )
    assert base["tokens_per_pass"] == 200
    assert math.isnan(base["diff"])
    assert (warm["episodes"], warm["tasks"], warm["faults"], warm["unscored"]) == (20, 10, 10, 10)
    assert (warm["rate"], warm["diff_tasks"]) == (0.5, 10)


def test_unscored_episodes_never_enter_a_rate():
    table = cells_table(frame(sample.outcomes(COLD, [(True, None, None)] * 12)), COLD.id)
    assert table["rate"].tolist() == [1.0]
    assert table["episodes"].tolist() == [12]


def test_cells_with_different_repeats_count_tasks_alike():
    once, thrice = [(True,), (False,)] * 10, [YES, NO] * 10
    table = cells_table(frame(sweep((COLD, once, 1), (WARM, thrice, 1))), COLD.id)
    assert table["rate"].tolist() == [0.5, 0.5]
    assert table.loc[WARM.id, "diff"] == 0
    assert table["tied"].all()


@pytest.mark.parametrize(
    ("episodes", "more", "words"),
    [
        (sweep((COLD, [NO] * 20, 1), (WARM, [NO] * 20, 1)), {}, "Nothing passed"),
        (sweep((COLD, [YES] * 20, 1), (WARM, [YES] * 20, 1)), {}, "Everything passed"),
        (sweep((COLD, [YES, NO] * 15, 1), (WARM, [NO] * 30, 1)), {"owed": 7}, "7 episodes owed"),
        (sweep((COLD, [YES, NO] * 3, 1), (WARM, [NO, YES] * 3, 1)), {}, "Only 6 tasks"),
        (sweep((COLD, [YES, NO] * 15, 1)), {}, "compared with nothing"),
        (sweep((COLD, [YES, NO] * 15, 1), (WARM, [NO, YES] * 15, 1)), {}, "and 95 % is asked for"),
        (
            sweep((COLD, [(True, True), (False, True)] * 15, 1), (WARM, [(None, False)] * 30, 1)),
            {},
            "Faults differ between cells: 50 %",
        ),
    ],
)
def test_what_the_sweep_could_not_tell_is_undecided_and_says_why(episodes, more, words):
    found = verdict(episodes, **more)
    assert found.status == "undecided"
    assert words in found.caveat
    assert found.caveat not in found.caveats


def test_what_is_not_believed_says_who_else_it_may_be_and_what_settling_it_would_take():
    one, other = [(True, False, True, False)] * 12, [(True, True, False, False)] * 12
    found = verdict(sweep((COLD, one, 1), (WARM, other, 1), (HOT, [(False,) * 4] * 12, 1)))
    assert found.caveat.startswith(f"Believed right at {int(100 * found.belief)} %, and 95 % is asked for")
    assert "points" in found.caveat
    assert re.search(r"about [\d,]+ more episodes should settle it", found.caveat)
    assert HOT.id not in found.tied


def test_failures_for_want_of_budget_come_before_what_bounds_the_result():
    good, bad = [YES, NO] * 15, [NO] * 30
    episodes = sweep((COLD, good, 1), (WARM, bad, 1), ceiling=None)
    episodes = [e if e.passed else builders.replace(e, ceiling="turn", stop="turns") for e in episodes]
    found = verdict(episodes, strategy="ofat")
    assert found.caveat.startswith("45 of this cell's 45 failures ran into a budget")
    assert "baseline.turns" in found.caveat
    assert any("main effect" in text for text in found.caveats)
    assert any("larger budget" in text for text in found.would_change_it)


def test_ofat_is_worded_as_main_effects_of_cells_that_ran():
    cells = [COLD, WARM, builders.cell(top_p=0.5)]
    rates = ([YES, NO] * 15, [NO] * 30, [NO] * 30)
    found = verdict(sweep(*((c, r, 1) for c, r in zip(cells, rates, strict=True))), strategy="ofat")
    assert found.cell_id in {cell.id for cell in cells}
    assert "main effect at the baseline" in found.verdict
    assert found.caveat.startswith("Main effects at the baseline, never an optimum")
    assert "temperature and top_p" in found.caveat


def test_being_cheap_is_no_merit_where_nothing_passed():
    found = verdict(sweep((COLD, [NO] * 20, 900), (WARM, [NO] * 20, 1)))
    assert found.cell_id == COLD.id
    assert "no recommendation" in found.verdict


def test_an_unfinished_sweep_compares_common_tasks_and_says_how_many():
    episodes = sweep((COLD, [YES, NO] * 10, 1), (WARM, [YES, NO] * 6, 1))
    table = cells_table(frame(episodes), COLD.id)
    assert table.loc[WARM.id, "diff_tasks"] == 12
    found = verdict(episodes, owed=24)
    assert "12 to 20 tasks" in found.caveat


def test_without_a_scored_episode_there_is_no_recommendation_but_a_table():
    data = frame(sample.outcomes(COLD, [(None,)] * 3))
    table = cells_table(data, COLD.id)
    assert (table["episodes"].tolist(), table["faults"].tolist()) == ([0], [3])
    assert table["rate"].isna().all()
    with pytest.raises(UsageError, match="no episode is scored"):
        recommend(data, COLD.id, "ofat")


def test_a_cell_without_scored_episodes_is_never_recommended():
    found = verdict(sweep((COLD, [YES, NO] * 10, 900), (WARM, [(None,)] * 20, 1)))
    assert found.cell_id == COLD.id
    assert found.tied == (COLD.id,)
    assert found.verdict == "the only cell that ran"


def test_a_baseline_that_did_not_run_is_no_obstacle():
    found = verdict(sweep((WARM, [YES, NO] * 15, 1), (HOT, [NO] * 30, 1)))
    assert (found.cell_id, found.label) == (WARM.id, "temperature 0.4")


def test_a_slice_is_around_the_first_of_those_with_most_levels():
    other = builders.cell(top_p=0.5)
    data = frame(sweep((COLD, [YES, NO] * 5, 1), (WARM, [NO] * 10, 1), (other, [YES] * 10, 1)))
    found = axis_slice(data, "temperature", [other.id, COLD.id])
    assert found["cell_id"].tolist() == [COLD.id, WARM.id], "an ofat cell has no neighbours in other axes"
    assert found["level"].tolist() == [0.0, 0.4]
    assert axis_slice(data, "top_p", [WARM.id, COLD.id])["level"].tolist() == [0.5, 1.0]


def test_a_slice_of_a_grid_keeps_all_else_equal():
    echo = builders.cell(reasoning=True, echo_reasoning=True)
    hot_on = builders.cell(temperature=0.4, reasoning=True)
    cells = [COLD, builders.cell(reasoning=True), WARM, hot_on, echo]
    data = frame(sweep(*((cell, [YES] * 6, 1) for cell in cells)))
    assert axis_slice(data, "reasoning", [hot_on.id])["cell_id"].tolist() == [WARM.id, hot_on.id]
    assert axis_slice(data, "echo_reasoning", [echo.id])["cell_id"].tolist() == [cells[1].id, echo.id]
