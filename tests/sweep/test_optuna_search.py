"""The strategy `optuna`: trials out of the table alone, the same ones each time, and a verdict on episodes that chose nothing."""

from __future__ import annotations

import importlib.util
import math
import random
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from builders import cell, task
from llmsweep.errors import UnfitError, UsageError
from llmsweep.store import Row, Table
from llmsweep.sweep.capabilities import Capabilities, Rule
from llmsweep.sweep.optuna_search import VERDICT, Search, optuna, search_of
from llmsweep.sweep.optuna_study import worse
from llmsweep.sweep.space import Range
from llmsweep.sweep.standing import Judge
from llmsweep.sweep.strategies import Design, Factorial, grid
from llmsweep.types import FRESH, EpisodeSpec

TASKS = [task(f"t/{n}") for n in range(20)]
SPACE = {"temperature": Range(low=0.1, high=1.5, step=0.1), "top_p": Range(low=0.3, high=1.0)}
PEAK = 0.7


def design(**changes: Any) -> Design:
    parts = {"baseline": cell(temperature=0.3), "space": SPACE, "tasks": TASKS, "harness": lambda c: "h"}
    return Design(**{**parts, **changes})


def search(made: Design | None = None, **settings: Any) -> Search:
    """With a verdict that is simple: each of its cells once on every task."""
    made = made or design()

    def verdict(cells) -> Factorial:
        return Factorial(name="all", design=replace(made, repeats=1), judge=Judge(made, cells), dropped={})

    return optuna(made, verdict=verdict, **{"trials": 24, **settings})


def row(spec: EpisodeSpec) -> Row:
    """Passes more often near PEAK; tokens and seconds rise with top_p."""
    sampling = spec.cell.sampling
    hard = random.Random(spec.task.id).gauss(0, 1.0)
    chance = 1 / (1 + math.exp(hard - 2 + 5 * (sampling.temperature - PEAK) ** 2 / PEAK))
    return Row(
        task_id=spec.task.id,
        cell_id=spec.cell.id,
        repeat=spec.repeat,
        passed=random.Random(spec.key).random() < chance,
        machine="",
        tokens=int(1000 * sampling.top_p),
        duration_s=sampling.top_p,
    )


def run(strategy: Search, table: Table | None = None, *, most: int = 10**6) -> Table:
    """What a sweep does, up to ``most`` episodes, a batch landing in any order."""
    table = dict(table or {})
    while batch := list(strategy.next(table)):
        random.Random(len(table)).shuffle(batch)
        for spec in batch:
            assert spec.key not in table
            if len(table) >= most:
                return table
            table[spec.key] = row(spec)
    return table


def trials(strategy: Search, table: Table) -> list[tuple[Any, ...]]:
    return [(one.cell, one.state, one.values, tuple(one.rates)) for one in strategy.replay(table).tried]


@pytest.fixture(scope="module")
def finished() -> Table:
    return run(search())


def test_trials_cover_the_tasks_and_the_sampler_finds_the_peak(finished):
    replay = search().replay(finished)
    states = Counter(one.state for one in replay.tried)
    assert len({one.cell for one in replay.tried}) == 24
    assert states["complete"] + states["pruned"] == 24
    assert states["pruned"] > 0
    assert replay.tried[0].cell == cell(temperature=0.3)
    assert all(len(one.rates) == 20 for one in replay.tried if one.state == "complete")
    assert all(len(one.rates) in (5, 10, 15) for one in replay.tried if one.state == "pruned")
    best = search().choose(finished)
    assert best is not None
    assert abs(best.cell.sampling.temperature - PEAK) < 0.35


def test_the_study_is_the_same_in_a_new_process_after_a_break_and_in_any_order(finished):
    whole = trials(search(), finished)
    broken: Table = {}
    for most in (3, 40, 41, 137, 10**6):
        broken = run(search(), broken, most=most)
    assert broken == finished
    assert trials(search(), broken) == whole
    shuffled = list(finished.items())
    random.Random(5).shuffle(shuffled)
    assert trials(search(), dict(shuffled)) == whole
    assert trials(search(design(seed=1)), finished) != whole


def test_one_strategy_asked_about_shorter_and_longer_tables_answers_as_new_ones_do(finished):
    asked = search()
    asked.next(finished)
    for count in (0, 10, 60, len(finished), 30):
        part = dict(list(finished.items())[:count])
        assert [s.key for s in asked.next(part)] == [s.key for s in search().next(part)]
        assert asked.choose(part) == search().choose(part)


def test_episodes_of_others_change_nothing(finished):
    other = [
        EpisodeSpec(task=t, cell=cell(temperature=0.3), repeat=r, harness="h")
        for t in TASKS
        for r in (7, FRESH)
    ]
    strange = [EpisodeSpec(task=t, cell=cell(temperature=0.3), repeat=0, harness="old") for t in TASKS]
    more = {**{s.key: row(s) for s in (*other, *strange)}, **finished}
    assert trials(search(), more) == trials(search(), finished)
    assert search().next(more) == []


def test_a_cell_that_is_proposed_again_costs_nothing_and_a_small_space_ends():
    small = search(design(space={"temperature": [0.3, 0.6], "top_p": [0.5, 1.0]}), trials=50, prune=None)
    table = run(small)
    states = Counter(one.state for one in small.replay(table).tried)
    assert states["complete"] == 4
    assert states["repeated"] > 0
    assert len([r for r in table.values() if r.repeat < VERDICT]) == 4 * 20


def test_what_is_refused_is_never_proposed_and_the_sampler_goes_on():
    rule = Rule(cell={"reasoning": "any", "temperature": "any"}, because="no temperature while it thinks")
    space = {"temperature": [None, 0.3, 0.6, 0.9], "reasoning": [False, True]}
    made = search(design(space=space, refuses=Capabilities(impossible=[rule]).refuses), trials=50)
    table: Table = {}
    while batch := made.next(table):
        for spec in batch:
            assert not (spec.cell.sampling.reasoning and spec.cell.sampling.temperature is not None)
            table[spec.key] = (
                row(replace(spec, cell=spec.cell)) if spec.cell.sampling.temperature else plain(spec)
            )
    refused = [one for one in made.replay(table).tried if one.state == "refused"]
    assert refused
    assert {one.why for one in refused} == {"no temperature while it thinks"}
    assert len(made.replay(table).cells) == 5
    assert set(made.dropped.values()) == {"no temperature while it thinks"}


def plain(spec: EpisodeSpec) -> Row:
    return Row(
        task_id=spec.task.id,
        cell_id=spec.cell.id,
        repeat=spec.repeat,
        passed=True,
        machine="",
        tokens=9,
        duration_s=1,
    )


def test_an_axis_is_a_parameter_only_where_it_acts():
    space = {"echo_reasoning": [False, True], "reasoning": [False, True], "temperature": SPACE["temperature"]}
    made = search(design(space=space), trials=30, prune=None)
    tried = made.replay(run(made)).tried
    assert {one.cell.sampling.echo_reasoning for one in tried if one.cell.sampling.reasoning} == {False, True}
    for one in tried:
        assert one.trial is not None
        assert ("echo_reasoning" in one.trial.params) == bool(one.cell.sampling.reasoning)
        assert one.cell.sampling.reasoning or not one.cell.sampling.echo_reasoning


def test_equal_pass_rates_are_told_apart_by_cost_and_an_episode_outweighs_any_cost():
    space = {"top_p": [0.4, 0.6, 0.8, 1.0]}
    made = search(design(space=space, baseline=cell(temperature=0.3, top_p=1.0)), trials=4, prune=None)
    table: Table = {}
    while batch := made.next(table):
        lucky = TASKS[0].id
        table |= {
            s.key: replace(
                plain(s), passed=s.task.id != lucky or s.cell.sampling.top_p == 0.8, tokens=row(s).tokens
            )
            for s in batch
            if s.repeat < VERDICT
        }
        if batch[0].repeat >= VERDICT:
            break
    ranked = sorted(made.replay(table).complete, key=lambda one: -one.values[0])
    assert [one.cell.sampling.top_p for one in ranked] == [0.8, 0.4, 0.6, 1.0]


def test_the_verdict_rests_on_episodes_that_chose_nothing(finished):
    made = search()
    made.next(finished)
    held = {key: r for key, r in finished.items() if r.repeat >= VERDICT}
    finalists = made.replay(finished).finalists
    assert {r.cell_id for r in held.values()} == {c.id for c in (cell(temperature=0.3), *finalists)}
    assert {r.repeat for r in held.values()} == {VERDICT}
    assert list(made.judged) == [cell(temperature=0.3), *finalists]
    assert len(finalists) == len(set(finalists)) == 4
    standing = made.standing(finished)
    assert standing is not None
    assert standing.episodes == len(held) == 5 * 20
    flipped = {key: replace(r, passed=False) if key in held else r for key, r in finished.items()}
    assert search().replay(flipped).finalists == finalists
    assert search().standing(flipped).tally.passes.sum() == 0


def test_before_the_verdict_there_is_a_choice_without_a_belief(finished):
    assert search().choose({}) is None
    assert search().standing({}) is None
    searched = {key: r for key, r in finished.items() if r.repeat < VERDICT}
    choice = search().choose(searched)
    best = search().front(searched)[0]
    assert choice is not None
    assert (choice.cell, choice.belief) == (best.cell, None)
    assert best.values == max(one.values for one in search().replay(searched).complete)
    assert search().judged == ()


def test_the_last_finalist_is_the_cheapest_that_is_as_good_as_the_best(finished):
    made = search(finalists=2)
    replay = made.replay({key: r for key, r in finished.items() if r.repeat < VERDICT})
    others = [one for one in replay.complete if one.cell != cell(temperature=0.3)]
    best = max(one.rate for one in others)
    cheapest = min((one for one in others if one.rate >= best - 0.05), key=lambda one: one.tokens)
    assert cheapest.cell in replay.finalists


@pytest.mark.parametrize("sampler", ["nsga2", "tpe", "random"])
def test_several_objectives_give_a_front_and_cut_nothing_short(sampler: str):
    made = search(sampler=sampler, objectives=["pass_rate", "cost", "seconds"], trials=16, startup=5)
    table = run(made)
    replay = made.replay(table)
    assert {one.state for one in replay.tried} <= {"complete", "repeated"}
    front = made.front(table)
    assert front
    for one in front:
        assert one.values == (one.rate, one.tokens, one.seconds)
    for one in replay.complete:
        beaten = [
            f
            for f in replay.complete
            if f.rate >= one.rate and f.tokens <= one.tokens and f.values != one.values
        ]
        assert (one in front) == (not beaten)
    assert [f.rate for f in front] == sorted((f.rate for f in front), reverse=True)


def test_a_trial_takes_its_repeats_and_a_greedy_cell_one():
    made = search(
        design(space={"temperature": [0.0, 0.3, 0.6]}, baseline=cell()), trials=3, repeats=3, prune=None
    )
    first = made.next({})
    count = Counter(spec.cell.sampling.temperature for spec in first)
    assert count[0.0] == 20
    assert set(count.values()) == {20, 60}
    assert [s.repeat for s in first] == sorted(s.repeat for s in first)
    assert len({s.cell for s in first[:6]}) > 1


def test_the_pruner_is_optunas_and_knows_pairs():
    same = tuple((x, x) for x in (0.0, 1.0) * 10)
    assert not worse(same, 0.1)
    assert worse((*same, *[(0.0, 1.0)] * 6), 0.1)
    assert not worse((*same, *[(1.0, 0.0)] * 6), 0.1)
    # Three losses of three could be chance one time in eight.
    assert not worse((*[(0.0, 1.0)] * 3, (1.0, 1.0)), 0.1)
    assert worse(tuple([(0.0, 1.0)] * 4), 0.1)


def test_lists_of_numbers_and_of_words_and_odd_ones_give_their_own_values():
    space = {
        "temperature": [0.0, 0.4, 0.8, 1.2],
        "top_p": [0.1, 0.5, 0.6],
        "turns": [2, 4, 6],
        "prompt": ["rich"],
        "protocol": ["whole_file", "native"],
        "max_tokens": Range(low=16, high=4096, log=True, whole=True),
    }
    made = search(design(space=space), trials=20, prune=None)
    tried = made.replay(run(made)).tried[1:]  # the first is the baseline, whose prompt is another
    assert {one.cell.prompt for one in tried} == {"rich"}
    assert {one.cell.budget.turns for one in tried} == {2, 4, 6}
    assert {one.cell.sampling.temperature for one in tried} <= set(space["temperature"])
    assert {one.cell.sampling.top_p for one in tried} == set(space["top_p"])
    assert all(isinstance(one.cell.sampling.max_tokens, int) for one in tried)
    assert len({one.cell.sampling.max_tokens for one in tried}) > 10


def test_known_cells_stand_for_the_space_and_grow(finished):
    made = search()
    known = list(made.cells)
    assert known[0] == cell(temperature=0.3)
    assert {c.sampling.temperature for c in known} == {0.1, 0.3, 1.5}
    made.next(finished)
    assert set(made.cells) == {*known, *made.replay(finished).cells}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"sampler": "tpee"}, "strategy.sampler=tpee: there is no such sampler; did you mean 'tpe'"),
        ({"sampler": "nsga2"}, "for several objectives"),
        ({"objectives": ["cost"]}, "pass_rate must be among them"),
        ({"objectives": ["pass_rate", "speed"]}, "no objective 'speed'"),
        ({"objectives": "pass_rate"}, "must be a list"),
        ({"trials": 0}, "strategy.trials=0: it must be a whole number, 1 or more"),
        ({"block": "x"}, "strategy.block=x: it must be a whole number"),
        ({"prune": 2.0}, "strategy.prune=2.0: it must be a p between 0 and 1"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings, told: str):
    with pytest.raises(UsageError, match=told):
        search(**settings)


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_gp_suggests_the_same_again():
    settings = {"sampler": "gp", "trials": 14, "prune": None}
    table = run(search(**settings))
    assert trials(search(**settings), table) == trials(search(**settings), table)


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_gp_says_what_it_needs():
    with pytest.raises(UnfitError, match="sampler=gp needs torch: pip install"):
        search(sampler="gp")


def test_a_search_is_found_in_what_wraps_it():
    made = search()
    assert search_of(made) is made
    assert search_of(grid(design(space={"temperature": [0.1, 0.2]}))) is None


def test_nothing_of_optuna_is_heard(capfd, finished):
    made = search(sampler="nsga2", objectives=["pass_rate", "cost"], trials=6, startup=3)
    run(made)
    search().choose(finished)
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_ten_thousand_episodes_are_replayed_in_seconds_and_a_step_in_a_moment():
    settings = {"trials": 600, "prune": None}
    made = search(design(space={**SPACE, "min_p": Range(low=0.0, high=0.5)}), **settings)
    table: Table = {}
    slowest = 0.0
    while True:
        began = time.monotonic()
        batch = made.next(table)
        slowest = max(slowest, time.monotonic() - began)
        if not batch or batch[0].repeat >= VERDICT:
            break
        table |= {spec.key: row(spec) for spec in batch}
    assert len(table) > 10_000
    assert slowest < 5
    anew = search(design(space={**SPACE, "min_p": Range(low=0.0, high=0.5)}), **settings)
    began = time.monotonic()
    anew.next(table)
    assert time.monotonic() - began < 60
    assert trials(anew, table) == trials(made, table)
