"""The race as a function of the table: what it opens with, where it goes on, when it stops, what it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from builders import cell, episode, task
from llmsweep.analysis.beliefs import believe
from llmsweep.analysis.frame import choosing, frame
from llmsweep.belief.verdict import Terms
from llmsweep.errors import UsageError
from llmsweep.store import Row, Table
from llmsweep.sweep.confirm import confirmed
from llmsweep.sweep.design import Design
from llmsweep.sweep.race import Race, race
from llmsweep.sweep.strategies import Strategy, grid, ofat
from llmsweep.types import FRESH, EpisodeSpec

TASKS = [task(f"t/{n:02}") for n in range(12)]
SPACE = {"temperature": [0.2, 0.6, 1.0], "protocol": ["native", "fenced"]}
Outcome = Callable[[EpisodeSpec], bool]


def design(**changes) -> Design:
    start = cell(temperature=0.2, protocol="native")
    return Design(**{"baseline": start, "space": SPACE, "tasks": TASKS, "harness": lambda c: "h", **changes})


def row(spec: EpisodeSpec, passed: bool, tokens: int | None = 100) -> Row:
    return Row(
        task_id=spec.task.id,
        cell_id=spec.cell.id,
        repeat=spec.repeat,
        passed=passed,
        machine="",
        tokens=tokens,
        duration_s=1.0,
    )


def chance(spec: EpisodeSpec) -> float:
    """fenced is much better, temperature hurts a little."""
    rate = 0.75 if spec.cell.protocol == "fenced" else 0.3
    return rate - 0.1 * (spec.cell.sampling.temperature or 0)


def drawn(spec: EpisodeSpec) -> bool:
    return bool(np.random.default_rng(int(spec.key[:8], 16)).random() < chance(spec))


def even(spec: EpisodeSpec) -> bool:
    """All cells are alike: a race has the most to do."""
    return bool(np.random.default_rng(int(spec.key[:8], 16)).random() < 0.5)


def run(strategy: Strategy, outcome: Outcome = drawn, most: int = 3000) -> Table:
    table: Table = {}
    while len(table) < most and (batch := strategy.next(table)):
        assert not [spec for spec in batch if spec.key in table]
        table.update({spec.key: row(spec, outcome(spec)) for spec in batch})
    return table


def test_it_opens_with_a_few_episodes_for_every_cell_spread_evenly_over_the_tasks():
    strategy = race(design())
    first = strategy.next({})
    assert Counter(spec.cell for spec in first) == dict.fromkeys(strategy.cells, 4)
    assert set(Counter(spec.task.id for spec in first).values()) <= {1, 2, 3}
    assert {spec.repeat for spec in first} == {0}
    table = {spec.key: row(spec, True) for spec in first[:10]}
    rest = strategy.next(table)
    assert Counter(s.cell for s in [*first[:10], *rest]) == dict.fromkeys(strategy.cells, 4)


def test_the_baseline_takes_part_though_its_levels_are_not_in_the_space():
    strategy = race(design(baseline=cell(temperature=0.3)))
    assert strategy.cells[0].sampling.temperature == 0.3
    assert len(strategy.cells) == 1 + 6


def test_it_finds_the_better_cells_and_believes_it_with_fewer_episodes_than_the_grid():
    strategy = race(design())
    table = run(strategy)
    choice = strategy.choose(table)
    assert choice is not None
    assert choice.cell.protocol == "fenced"
    assert choice.belief >= 0.95
    by_protocol = Counter(
        next(c for c in strategy.cells if c.id == r.cell_id).protocol for r in table.values()
    )
    assert by_protocol["fenced"] > 2 * by_protocol["native"], "episodes go where they can overturn the choice"


def test_it_is_a_function_of_the_table_so_that_a_resumed_race_is_the_unbroken_one():
    whole = run(race(design()), even)
    table: Table = {}
    while batch := race(design()).next(table):
        table.update({s.key: row(s, even(s)) for s in batch})
    assert len(whole) > 120
    assert list(table) == list(whole)


def test_a_finished_race_stays_finished():
    table = run(race(design()))
    assert race(design()).next(table) == []


def test_it_looks_twice_before_it_stops():
    strategy = race(design(), batch=8)
    table = run(strategy)
    before = dict(list(table.items())[:-8])
    for seen in (table, before):
        assert strategy.standing(seen).belief >= 0.95
    assert strategy.next(before)


def test_a_greedy_cell_is_asked_once_a_task_and_no_cell_more_than_its_most():
    space = {"temperature": [0.0, 0.6]}
    table = run(race(design(baseline=cell(), space=space), most=3), lambda spec: spec.task.id < "t/06")
    counts = Counter((r.cell_id, r.task_id) for r in table.values())
    greedy = cell().id
    assert max(n for (c, _), n in counts.items() if c == greedy) == 1
    assert max(counts.values()) <= 3


def test_when_every_cell_has_run_its_most_it_ends_undecided():
    strategy = race(design(space={"protocol": ["native", "fenced"]}, tasks=TASKS[:3]), most=2)
    table = run(strategy, lambda spec: spec.repeat == 0)
    assert len(table) == 2 * 3 * 2
    assert strategy.next(table) == []
    assert strategy.standing(table).belief < 0.95


def test_an_episode_that_was_never_scored_is_wanted_again_and_leaves_no_gap():
    strategy = race(design())
    table = run(strategy, most=60)
    lost = next(key for key, r in table.items() if r.repeat == 0)
    spec = next(s for s in strategy.next({}) if s.key == lost)
    del table[lost]
    place = (strategy.judge.rows.index(spec.task), strategy.judge.columns.index(spec.cell))
    assert strategy._unrun(*place, table).repeat == 0


def test_other_texts_other_prompts_other_cells_and_fresh_seeds_choose_nothing():
    strategy = race(design())
    table = run(strategy, most=60)
    known = strategy.standing(table)
    strangers = [
        replace(TASKS[0], digest="another text"),
        cell(temperature=0.9),
    ]
    d = strategy.design
    others = [
        d.spec(strangers[0], strategy.cells[0], 0),
        d.spec(TASKS[0], strangers[1], 0),
        d.spec(TASKS[0], strategy.cells[0], FRESH),
        EpisodeSpec(task=TASKS[0], cell=strategy.cells[0], repeat=0, harness="another prompt"),
    ]
    more = {**table, **{spec.key: row(spec, True) for spec in others}}
    assert np.array_equal(race(design()).standing(more).verdict.belief, known.verdict.belief)


def test_costs_decide_between_cells_that_pass_alike():
    def dear(spec: EpisodeSpec) -> int:
        return 300 if spec.cell.protocol == "fenced" else 100

    strategy = race(design(space={"protocol": ["native", "fenced"]}, delta=0.1))
    table: Table = {}
    while len(table) < 2000 and (batch := strategy.next(table)):
        table.update({s.key: row(s, drawn(replace(s, cell=cell())), dear(s)) for s in batch})
    assert strategy.choose(table).cell.protocol == "native"
    assert strategy.choose(table).belief > 0.9


def test_seconds_stand_for_tokens_that_were_not_reported():
    strategy = race(design())
    specs = strategy.next({})
    table = {s.key: row(s, True, None if i == 0 else 100) for i, s in enumerate(specs)}
    assert strategy.standing(table).tally.currency == "seconds"


@pytest.mark.parametrize("strategy", [race, grid, ofat])
def test_the_report_believes_what_the_race_did(strategy: Callable[[Design], Strategy]):
    made = strategy(design(repeats=2))
    specs: dict[str, EpisodeSpec] = {}
    table: Table = {}
    while len(table) < 120 and (batch := made.next(table)):
        specs.update({spec.key: spec for spec in batch})
        table.update({spec.key: row(spec, drawn(spec), 120) for spec in batch})
    data = frame(episode(specs[key], passed=table[key].passed) for key in table)
    standing, beliefs = made.standing(table), believe(choosing(data), Terms())
    assert beliefs.cells == [c.id for c in standing.cells]
    assert beliefs.verdict.belief == pytest.approx(standing.verdict.belief, abs=1e-12)
    assert beliefs.chosen == made.choose(table).cell.id


@pytest.mark.parametrize("name", ["opening", "most", "batch"])
def test_parameters_below_one_are_refused(name: str):
    with pytest.raises(UsageError, match=rf"strategy.{name}=0: it must be 1 or more"):
        race(design(), **{name: 0})


def confirmation(most: int, outcome: Outcome = drawn) -> tuple[Strategy, Race, Table]:
    inner = race(design())
    strategy = confirmed(inner, inner.design, most)
    return strategy, inner, run(strategy, outcome)


def test_a_confirmation_pairs_the_choice_with_the_baseline_on_fresh_seeds_and_ends_when_it_is_sure():
    strategy, inner, table = confirmation(2000)
    fresh = [r for r in table.values() if r.repeat >= FRESH]
    choice = inner.choose(table).cell
    assert {r.cell_id for r in fresh} == {choice.id, inner.design.baseline.id}
    assert len(fresh) < 300, "a lead of 45 points is soon certain"
    pairs = Counter(r.repeat for r in fresh)
    assert set(pairs.values()) == {2}
    for repeat in pairs:
        assert len({r.task_id for r in fresh if r.repeat == repeat}) == 1
    assert strategy.next(table) == []


def test_a_confirmation_spends_no_more_than_it_may_and_none_is_none():
    _, _, table = confirmation(20, lambda s: drawn(s) if s.repeat < FRESH else s.repeat % 2 == 0)
    assert sum(r.repeat >= FRESH for r in table.values()) == 20
    inner = race(design())
    assert confirmed(inner, inner.design, 0) is inner
