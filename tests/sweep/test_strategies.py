from __future__ import annotations

from builders import cell, episode, task
from llmsweep.store import Row
from llmsweep.sweep.strategies import Design, grid, ofat

TASKS = [task(f"t/{n}") for n in range(5)]


def design(**changes) -> Design:
    space = {"temperature": [0.0, 0.4, 0.8]}
    return Design(**{"baseline": cell(), "space": space, "tasks": TASKS, "harness": lambda c: "h", **changes})


def row(spec) -> Row:
    e = episode(spec)
    return Row(
        task_id=e.task_id, cell_id=e.cell_id, repeat=e.repeat, passed=True, machine="", tokens=1, duration_s=1
    )


def test_greedy_cells_get_one_repeat_and_others_three():
    specs = ofat(design()).next({})
    assert len(specs) == 5 * (1 + 3 + 3)
    assert len({s.key for s in specs}) == len(specs)
    assert sum(s.cell.sampling.temperature == 0 for s in specs) == 5


def test_only_what_the_table_lacks_is_owed_and_then_it_is_done():
    strategy = ofat(design())
    first = strategy.next({})
    table = {s.key: row(s) for s in first[:20]}
    assert {s.key for s in strategy.next(table)} == {s.key for s in first[20:]}
    assert strategy.next({s.key: row(s) for s in first}) == []


def test_a_wider_sweep_owes_only_the_new_cells():
    narrow = {s.key: row(s) for s in ofat(design()).next({})}
    wide = ofat(design(space={"temperature": [0.0, 0.4, 0.8, 1.2]})).next(narrow)
    assert {s.cell.sampling.temperature for s in wide} == {1.2}


def test_order_is_random_across_cells_the_same_each_time_and_balanced_by_repeat():
    specs = grid(design()).next({})
    assert [s.key for s in specs] == [s.key for s in grid(design()).next({})]
    assert [s.repeat for s in specs] == sorted(s.repeat for s in specs)
    first = [s.cell.id for s in specs if s.repeat == 0]
    assert len(set(first[:6])) > 1
    assert first != sorted(first)
    assert [s.key for s in specs] != [s.key for s in grid(design(seed=1)).next({})]


def test_seeds_are_paired_across_cells():
    from llmsweep.types import turn_seed

    a, b = turn_seed(0, "t/1", 2, 0), turn_seed(0, "t/1", 2, 0)
    assert a == b
    assert len({turn_seed(0, "t/1", r, t) for r in range(5) for t in range(5)}) == 25
    assert turn_seed(None, "t/1", 0, 0) is None
