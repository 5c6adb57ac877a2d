"""Costs: what must hold whatever the figures are."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

import builders
from llmsweep.analysis.costs.cells import Month, costs_table
from llmsweep.analysis.costs.curve import curve_table
from llmsweep.analysis.costs.draws import Rows, paired_draws, solving_draws
from llmsweep.analysis.costs.handling import Handling, pass_bound, tolerable_wrong
from llmsweep.analysis.costs.imported import read_csv
from llmsweep.analysis.costs.machine import Amortised, Machine
from llmsweep.analysis.costs.money import Basis, attempt_costs, token_dollars, tokens_of
from llmsweep.analysis.costs.scene import Scene, Side, compare, figure, fixed_side
from llmsweep.analysis.costs.seconds import measured_seconds, shared
from llmsweep.analysis.costs.tornado import Range, tornado
from llmsweep.analysis.costs.verdict import verdict
from llmsweep.errors import UsageError
from llmsweep.prices import Price
from llmsweep.providers import anthropic_events, chunks
from llmsweep.types import Turn, Usage

PRICE = Price(
    id="v/m", input=2.0, output=10.0, cached_input=0.2, cache_write=2.5, above=1000,
    long=Price(id="v/m", input=4.0, output=20.0, cached_input=0.4, cache_write=5.0), date="2026-11-01", source="a list",
)  # fmt: skip
BOX = Machine(name="box", mode="buy", price=3000, watts=200, idle_watts=50)


def test_the_same_call_costs_the_same_in_every_dialect():
    """1000 tokens of prompt, 800 of them cached, and 50 of answer: one dialect counts the cached ones within the prompt,
    the other beside it, and the parsers of both give the log the same figures.
    """
    openai, anthropic = chunks.Answer(), anthropic_events.Answer()
    said = {
        "prompt_tokens": 1000,
        "prompt_tokens_details": {"cached_tokens": 800, "cache_write_tokens": 150},
        "completion_tokens": 50,
    }
    openai.feed(sse({"choices": [], "usage": said}), 0)
    beside = {
        "input_tokens": 50,
        "cache_read_input_tokens": 800,
        "cache_creation_input_tokens": 150,
        "output_tokens": 50,
    }
    anthropic.feed(sse({"type": "message_start", "message": {"model": "m", "usage": beside}}), 0)
    assert openai.usage() == anthropic.usage()
    for basis, dollars in (
        (Basis.METERED, 50 * 2 + 150 * 2.5 + 800 * 0.2 + 50 * 10),
        (Basis.LIST, 1000 * 2 + 50 * 10),
    ):
        each = [token_dollars(PRICE, tokens_of([one.usage()]), basis)[0] for one in (openai, anthropic)]
        assert each == pytest.approx([dollars / 1e6] * 2)


def sse(event: dict[str, object]) -> bytes:
    return b"data: " + json.dumps(event).encode() + b"\n\n"


def test_many_completions_are_priced_as_the_envelope_prices_each():
    random = np.random.default_rng(0)
    usages = []
    for _ in range(300):
        read = int(random.integers(0, 2000))
        cached = int(random.integers(0, read + 1))
        written = None if random.random() < 0.3 else int(random.integers(0, read - cached + 1))
        usages.append(Usage(input_tokens=read, cached_tokens=cached, cache_write_tokens=written, output_tokens=int(random.integers(0, 500))))  # fmt: skip
    for price in (PRICE, replace(PRICE, cached_input=None, cache_write=None)):
        each = token_dollars(price, tokens_of(usages), Basis.METERED)
        assert each == pytest.approx([price.dollars(usage) for usage in usages])


def test_one_attempt_that_does_not_say_what_was_cached_puts_all_on_the_list_price():
    known = builders.episode(turns=(Turn(usage=Usage(input_tokens=100, cached_tokens=90, output_tokens=10)),))
    silent = builders.episode(turns=(Turn(usage=Usage(input_tokens=100, output_tokens=10)),))
    alone = attempt_costs([known], PRICE)
    assert alone[0].basis is Basis.METERED
    both = attempt_costs([known, silent], PRICE)
    assert {money.basis for money in both} == {Basis.LIST}
    assert both[0].dollars == both[1].dollars == pytest.approx((100 * 2 + 10 * 10) / 1e6)
    assert alone[0].dollars < both[0].dollars
    assert (both[0].date, both[0].source) == ("2026-11-01", "a list")
    with pytest.raises(UsageError, match="was cached"):
        attempt_costs([known, silent], PRICE, Basis.METERED)


def test_tokens_that_nobody_reported_are_unknown_and_never_free():
    lost = builders.episode(turns=(Turn(usage=Usage(output_tokens=10)),))
    (money,) = attempt_costs([lost], PRICE)
    assert money.basis is Basis.UNKNOWN
    assert math.isnan(money.dollars)


def test_a_machine_charges_its_month_and_its_energy():
    episodes = [builders.episode(turns=(Turn(usage=Usage(), duration_s=36.0),), duration_s=36.0)]
    (money,) = attempt_costs(episodes, Amortised(machine=BOX, attempts_month=1000))
    assert money.basis is Basis.LOCAL
    assert money.dollars == pytest.approx(BOX.fixed_month / 1000 + 150 * 36 / 3.6e6 * 0.17)
    (metered,) = attempt_costs(
        [replace(episodes[0], joules=7200.0)], Amortised(machine=BOX, attempts_month=1000)
    )
    assert metered.dollars == pytest.approx(BOX.fixed_month / 1000 + 7200 / 3.6e6 * 0.17)


def test_modes_differ_in_what_they_charge():
    owned, part = replace(BOX, mode="owned"), replace(BOX, mode="shared", share=0.25)
    assert owned.fixed_month == pytest.approx(BOX.idle_month)
    assert part.fixed_month == pytest.approx(BOX.fixed_month / 4)
    assert part.capacity(10) == pytest.approx(BOX.capacity(10) / 4), (
        "a quarter of the money has a quarter of the time"
    )
    rented = Machine(name="r", mode="rent", dollars_hour=3, hours_month=176, watts=700)
    assert rented.fixed_month == 3 * 176
    assert rented.marginal(100) == 0
    financed = replace(BOX, finance=0.06)
    assert financed.capital_month - BOX.capital_month == pytest.approx(0.06 / 12 * 3000 * 1.3 / 2)
    assert replace(BOX, pue=1.5).marginal(60) == pytest.approx(1.5 * BOX.marginal(60))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mode": "lease"}, r"host\.cost\.mode=lease"),
        ({"residual": 1.5}, "a share"),
        ({"years": 0}, "more than 0"),
        ({"watts": -1}, r"host\.watts=-1"),
        ({"hours_month": 800}, "744"),
        ({"prefill_tokens_s": 10}, "both rates"),
        ({"mode": "rent", "dollars_hour": 0.0}, "what an hour costs"),
    ],
)
def test_machines_that_cannot_be(wrong: dict[str, object], said: str):
    with pytest.raises(UsageError, match=said):
        replace(BOX, **wrong)


def test_four_at_once_are_not_charged_four_times():
    each = shared(np.zeros(4), np.full(4, 10.0), np.full(4, 10.0), np.full(4, 4.0))
    assert each.sum() == pytest.approx(10)
    # A tail that runs alone has the machine to itself: the shares add up to the time it was busy.
    uneven = shared(np.array([0.0, 0.0]), np.array([10.0, 4.0]), np.array([10.0, 4.0]), np.full(2, 2.0))
    assert uneven == pytest.approx([2 + 6, 2])
    # One at a time: whatever the clocks say, nobody shares.
    alone = shared(np.zeros(3), np.full(3, 5.0), np.full(3, 4.0), np.ones(3))
    assert alone == pytest.approx([4, 4, 4])
    unknown = shared(np.full(2, np.nan), np.full(2, 8.0), np.full(2, 8.0), np.full(2, 2.0))
    assert unknown == pytest.approx([4, 4])


def test_a_cold_load_is_in_the_seconds():
    warm = Turn(usage=Usage(), duration_s=2.0)
    cold = replace(warm, duration_s=12.0, load_s=10.0, cold=True)
    episodes = [builders.episode(turns=(turn,), duration_s=turn.duration_s) for turn in (warm, cold)]
    assert measured_seconds(episodes) == pytest.approx([2, 12])


def test_nothing_passed_gives_a_bound_and_no_upper_end():
    assert pass_bound(20) == pytest.approx(1 - 0.05 ** (1 / 20))
    found = read_rows([(f"t{t}", "a", False, 0.5) for t in range(20)])
    (row,) = costs_table(found, Handling(), draws=200).to_dict("records")
    assert math.isinf(row["solved"])
    assert math.isinf(row["solved_high"])
    assert row["solved_low"] == pytest.approx(0.5 / pass_bound(20))


def test_a_leaky_verifier_looks_better_per_pass_and_worse_with_people():
    strict, leaky = Handling(), Handling(accept_wrong=0.5)
    assert leaky.wrongly(0.4) == pytest.approx(0.3)
    assert leaky.accepted(0.4) > strict.accepted(0.4)
    assert leaky.full(1.0, 0.4) > strict.full(1.0, 0.4), "its damage is a fix where nobody says more"
    assert Handling(accept_wrong=0.5, damage=0).full(1.0, 0.4) < strict.full(1.0, 0.4)


@pytest.mark.parametrize(
    "people", [Handling(), Handling(accept_wrong=0.1, damage=7), Handling(accept_right=0.8, accept_wrong=0.2)]
)
def test_at_h_star_both_cost_the_same(people: Handling):
    one, other = (0.03, 0.5), (0.6, 0.8)
    fix = people.fix_break_even(one, other)
    assert fix is not None
    there = replace(people, fix=fix)
    assert there.full(*one) == pytest.approx(there.full(*other))
    assert people.fix_break_even(one, (0.6, 0.5)) is None
    assert people.fix_break_even((5.0, 0.5), (0.1, 0.8)) is None, "dearer and worse: no price of a fix helps"


def test_tolerable_wrong():
    assert tolerable_wrong(0.1, 0.4) == pytest.approx(0.25)
    assert math.isinf(tolerable_wrong(0.1, 0.0))


def scene(random: np.random.Generator, draws: int = 500, **handling: float) -> Scene:
    def draw(value: float) -> np.ndarray:
        return np.concatenate([[value], np.clip(random.normal(value, 0.1 * value, draws), 0, None)])

    nothing = np.zeros(draws + 1)
    seconds = draw(60.0)
    return Scene(
        machine=BOX,
        handling=Handling(**handling),
        local=Side(
            solved=np.minimum(1, draw(0.5)), dollars=nothing, seconds=seconds, joules=BOX.added(seconds)
        ),
        cloud=Side(solved=np.minimum(1, draw(0.6)), dollars=draw(0.4), seconds=nothing, joules=nothing),
    )


def test_what_would_flip_it_flips_it():
    found = scene(np.random.default_rng(0), fix=2.0, review=0.5)
    told = verdict(found, 1000)
    assert told.flips
    names = {flip.what for flip in told.flips}
    assert {
        "fix, of a task that no attempt did",
        "a cloud attempt",
        "share: local pass rate",
        "the machine's month",
    } <= names
    today = float(found.saved(1000)[0])
    for flip in told.flips:
        assert (flip.threshold < flip.today) == (flip.sense == "<"), flip
    cloud = next(flip for flip in told.flips if flip.what == "a cloud attempt")
    there = replace(found, cloud=replace(found.cloud, dollars=np.full(501, cloud.threshold)))
    assert float(there.saved(1000)[0]) == pytest.approx(0, abs=1e-9)
    assert today != pytest.approx(0)
    volume = next(flip for flip in told.flips if flip.what.startswith("tasks"))
    assert float(found.saved(volume.threshold)[0]) == pytest.approx(0, abs=1e-9)


def test_the_words_of_the_verdict():
    cheap = Scene(machine=BOX, handling=Handling(review=0, fix=0), local=fixed_side(0.5, seconds=60, joules=9000), cloud=fixed_side(0.5, 0.05))  # fmt: skip
    even = float(cheap.break_even[0])
    assert verdict(cheap).word == "local wins"
    assert verdict(cheap, even * 2).word == "local wins"
    assert verdict(cheap, even / 2).word == "cloud wins"
    assert verdict(cheap, float(cheap.capacity[0]) * 2).word == "not on one machine"
    assert verdict(replace(cheap, cloud=fixed_side(0.5, 0.001))).word == "not on one machine"
    assert verdict(replace(cheap, cloud=fixed_side(0.5, 0.0001))).word == "no break-even at any volume"
    better = replace(cheap, handling=Handling(review=0, fix=10), cloud=fixed_side(0.9, 0.05))
    assert verdict(better).word == "no break-even at any volume"
    free = replace(cheap, machine=Machine(name="mine", mode="owned", watts=0))
    assert verdict(free).sentence.startswith("local wins above 0 tasks a month")
    noisy = scene(np.random.default_rng(0), fix=20.0)
    assert verdict(noisy, 1000).word == "not distinguishable"


def test_curve_is_cheaper_with_more_tasks_and_ends_where_the_machine_is_full():
    found = scene(np.random.default_rng(0), fix=2.0)
    table = curve_table(found, 500)
    there = table[table["fits"]]
    for name in ("local_naive", "local_solved", "local_full"):
        assert (np.diff(there[name]) < 0).all(), name
    assert (np.diff(table["cloud_month_full"]) > 0).all()
    assert table["local_full"].isna().sum() == (~table["fits"]).sum() > 0
    assert 500 in set(table["tasks_month"])
    assert (there["local_solved"] > there["local_naive"]).all()
    for name in ("local_solved", "local_full", "cloud_full", "saved", "ratio"):
        assert (there[f"{name}_low"] <= there[name]).all(), name
        assert (there[name] <= there[f"{name}_high"]).all(), name


def test_tornado_bars_are_what_the_scene_says_and_doubt_is_a_probability():
    found = scene(np.random.default_rng(0), fix=2.0)
    storm = tornado(found, 1000, {"fix": Range(1.0, 4.0), "years": Range(2.0, 6.0)})
    fix = next(bar for bar in storm.bars if bar.name == "fix")
    for end, saved in zip((1.0, 4.0), fix.saved, strict=True):
        assert saved == pytest.approx(float(replace(found, handling=Handling(fix=end)).saved(1000)[0]))
    widths = [abs(bar.saved[1] - bar.saved[0]) for bar in storm.bars]
    assert widths == sorted(widths, reverse=True)
    assert 0 <= storm.likely_all <= 1
    assert storm.likely == pytest.approx((found.saved(1000)[1:] > 0).mean())
    with pytest.raises(UsageError, match="did you mean 'fix'"):
        tornado(found, 1000, {"fxi": Range(1.0, 2.0)})


def test_the_bootstrap_is_paired_and_both_ways_of_drawing_within_tasks_agree():
    random = np.random.default_rng(0)
    tasks, repeats = 30, 20
    hard = np.repeat(random.random(tasks), repeats)
    solved = (random.random(len(hard)) < hard).astype(float)
    values = np.stack([solved, random.lognormal(0, 0.5, len(hard)) + solved], axis=1)
    rows = Rows(np.repeat(np.arange(tasks), repeats), values)
    same, other = paired_draws([rows, rows], tasks, draws=4000)
    assert np.corrcoef(same[1:, 0], other[1:, 0])[0, 1] > 0.8, "the same tasks are drawn for both sides"
    normal = paired_draws([rows], tasks, draws=4000, exact=0)[0]
    assert normal[0] == pytest.approx(same[0])
    assert normal[1:].mean(axis=0) == pytest.approx(same[1:].mean(axis=0), rel=0.01)
    assert normal[1:].std(axis=0) == pytest.approx(same[1:].std(axis=0), rel=0.06)
    assert np.corrcoef(normal[1:].T)[0, 1] == pytest.approx(np.corrcoef(same[1:].T)[0, 1], abs=0.05)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Saved dollars of two sides over tasks that are hard or easy for both; 95 % intervals in 200 made-up worlds."""
    random = np.random.default_rng(1)
    tasks, held, truth = 40, 0, _clipped()
    for _ in range(200):
        hard = random.beta(0.7, 0.7, tasks)
        local, cloud = (np.clip(hard + shift, 0, 1) for shift in (0.0, 0.1))
        sides = []
        for rates in (local, cloud):
            solved = (random.random((tasks, 2)) < rates[:, None]).astype(float).ravel()
            sides.append(Rows(np.repeat(np.arange(tasks), 2), np.stack([solved, solved], axis=1)))
        ours, theirs = paired_draws(sides, tasks, draws=400, seed=int(random.integers(1 << 30)))
        found = figure(theirs[:, 0] - ours[:, 0])
        held += found.low <= truth <= found.high
    assert held >= 184


@pytest.mark.parametrize(("rate", "tasks"), [(0.0, 16), (0.05, 16), (0.05, 40), (0.95, 20), (1.0, 12)])
def test_what_was_not_seen_is_not_impossible(rate: float, tasks: int):
    """With hardly any pass, or hardly any failure, intervals still hold the truth; resampling alone would say ±0."""
    random = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        solved = (random.random(tasks) < rate).astype(float)
        rows = Rows(np.arange(tasks), np.stack([solved, solved], axis=1))
        (drawn,) = solving_draws([rows], tasks, draws=400, seed=int(random.integers(1 << 30)))
        found = figure(drawn[:, 0])
        assert found.low < found.high
        held += found.low - 0.01 <= rate <= found.high + 0.01
    assert held >= 180


def test_too_few_tasks_decide_nothing():
    local = read_rows([(f"t{i}", "a", True, 0.0) for i in range(4)], where="local")
    local = replace(local, seconds=np.full(4, 1.0))
    cloud = read_rows([(f"t{i}", "a", False, 5.0) for i in range(4)])
    found, _ = compare(local, cloud, BOX, Handling(), draws=200)
    told = verdict(found, 1000)
    assert told.word == "not distinguishable"
    assert "4 common tasks say too little" in told.sentence


def _clipped() -> float:
    """The mean of min(1, x + 0.1) - x over Beta(0.7, 0.7)."""
    each = np.random.default_rng(2).beta(0.7, 0.7, 400_000)
    return float((np.minimum(1, each + 0.1) - each).mean())


def read_rows(rows: list[tuple[str, str, bool, float]], **about: str):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        head = "".join(
            f"# {key}: {value}\n" for key, value in ({"basis": "billed", "where": "cloud"} | about).items()
        )
        lines = "".join(f"{task},{cell},{str(solved).lower()},{cost}\n" for task, cell, solved, cost in rows)
        path.write_text(f"{head}task,cell,solved,cost\n{lines}")
        return read_csv(path)


def test_tasks_count_alike_however_often_they_were_attempted():
    rows = [("easy", "a", True, 1.0)] * 9 + [("hard", "a", False, 3.0)]
    (row,) = costs_table(read_rows(rows), Handling(), draws=200).to_dict("records")
    assert row["rate"] == pytest.approx(0.5)
    assert row["dollars"] == pytest.approx(2.0)


def test_sides_without_common_tasks_or_with_unknown_costs_are_refused(tmp_path):
    ours = tmp_path / "ours.csv"
    ours.write_text("# where: local\ntask,cell,solved,seconds\nx,a,true,3\n")
    theirs = read_rows([("y", "b", True, 0.1)])
    with pytest.raises(UsageError, match="no task in common"):
        compare(read_csv(ours), theirs, BOX, Handling())
    unknown = replace(read_rows([("x", "b", True, 0.1)]), basis=Basis.UNKNOWN)
    with pytest.raises(UsageError, match="basis unknown"):
        compare(read_csv(ours), unknown, BOX, Handling())
    silent = tmp_path / "silent.csv"
    silent.write_text("# where: local\ntask,cell,solved\nx,a,true\n")
    with pytest.raises(UsageError, match="how long a machine is busy"):
        compare(read_csv(silent), read_rows([("x", "b", True, 0.1)]), BOX, Handling())


def test_a_machines_cells_are_charged_the_same_month(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text(
        "# where: local\ntask,cell,solved,seconds\nx,a,true,10\ny,a,true,10\nx,b,true,30\ny,b,false,30\n"
    )
    table = costs_table(read_csv(path), Handling(), Month(BOX, 1000), draws=200)
    assert list(table["seconds"]) == [10, 30]
    assert list(table["dollars"]) == pytest.approx(
        [BOX.fixed_month / 1000 + BOX.marginal(s) for s in (10, 30)]
    )
    assert list(table["capacity"]) == pytest.approx([BOX.capacity(10), BOX.capacity(30)])
