"""Prices: the dated list that comes along, its tiers and hours, and lists of one's own before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from llmsweep.cli.prices import price
from llmsweep.errors import UsageError
from llmsweep.prices import Price, listed, listed_ids
from llmsweep.types import Usage

TODAY = datetime.now(UTC).date()


def dated() -> tuple[str, date]:
    """A model whose price changed on a day."""
    from genai_prices.data_snapshot import get_snapshot
    from genai_prices.types import StartDateConstraint

    for vendor in get_snapshot().providers:
        for model in vendor.models:
            if isinstance(model.prices, list) and len(model.prices) == 2:
                change = model.prices[1].constraint
                if (
                    isinstance(change, StartDateConstraint)
                    and change.start_date <= TODAY
                    and "/" not in model.id
                ):
                    return f"{vendor.id}/{model.id}", change.start_date
    raise AssertionError("no model with a history")


def test_a_price_is_that_of_its_day():
    id, change = dated()
    before, after = listed(id, change - timedelta(days=1)), listed(id, change)
    assert before is not None
    assert after is not None
    assert (before.date, after.date) == ((change - timedelta(days=1)).isoformat(), change.isoformat())
    assert f"in force since {change}" in after.source
    assert "in force" not in before.source
    assert after.source.startswith("genai-prices ")


def test_long_prompts_and_caches_have_their_own_prices():
    found = listed("anthropic/claude-haiku-5-5", TODAY)
    assert found is not None
    assert found.long is not None
    assert found.above == 100_000
    assert found.cached_input is not None
    assert found.cached_input < found.input < (found.cache_write or 0) < found.output
    short = Usage(input_tokens=100_000, cached_tokens=0, cache_write_tokens=0, output_tokens=0)
    long = Usage(input_tokens=100_001, cached_tokens=0, cache_write_tokens=0, output_tokens=0)
    assert found.dollars(short) == pytest.approx(100_000 * found.input / 1e6)
    assert found.dollars(long) == pytest.approx(100_001 * found.long.input / 1e6)
    assert found.long.date == found.date


def test_two_thresholds_are_nested():
    two = Price(id="x/y", input=1, output=1, above=10, long=Price(id="x/y", input=2, output=2, above=20, long=Price(id="x/y", input=3, output=3)))  # fmt: skip
    tokens = [
        (two.dollars(Usage(input_tokens=n, cached_tokens=0, output_tokens=0)) or 0) * 1e6 / n
        for n in (10, 11, 21)
    ]
    assert tokens == pytest.approx([1, 2, 3])


def test_where_the_hour_decides_the_dearest_counts():
    from genai_prices.data_snapshot import get_snapshot
    from genai_prices.types import TimeOfDateConstraint

    model = next(
        model
        for vendor in get_snapshot().providers
        if vendor.id == "deepseek"
        for model in vendor.models
        if isinstance(model.prices, list)
        and any(isinstance(p.constraint, TimeOfDateConstraint) for p in model.prices)
    )
    found = listed(f"deepseek/{model.id}", TODAY)
    hours = [
        model.get_prices(datetime(TODAY.year, TODAY.month, TODAY.day, h, 45, tzinfo=UTC)) for h in range(24)
    ]
    assert found is not None
    assert found.input == max(float(one.input_mtok) for one in hours)


@pytest.mark.parametrize("id", ["nobody/none", "openai", "openai/gpt-4.0", "ollama/llama3"])
def test_what_is_not_listed_is_unknown_and_not_free(id: str):
    assert listed(id, TODAY) is None
    with pytest.raises(UsageError, match=f"model.price={id}: no price list has it"):
        price(id)


def test_lists_of_ones_own_hold_from_their_date_and_the_newest_wins(tmp_path: Path):
    for day, dollars in (("2026-05-01", 7), ("2026-08-01", 9)):
        (tmp_path / f"{day}.yaml").write_text(
            f"source: a contract\ndate: {day}\nmodels:\n  mine/own: {{input: {dollars}, output: 10}}\n"
            f"  openai/gpt-4.1: {{input: {dollars}, output: 10}}\n"
        )
    at = [
        price("mine/own", on=day, folders=[tmp_path]).input
        for day in (date(2026, 5, 1), date(2026, 7, 31), TODAY)
    ]
    assert at == [7, 7, 9]
    with pytest.raises(UsageError, match="the oldest is of 2026-05-01"):
        price("mine/own", on=date(2026, 4, 30), folders=[tmp_path])
    before = price("openai/gpt-4.1", on=date(2026, 4, 30), folders=[tmp_path])
    assert before.source.startswith("genai-prices")


def test_a_list_needs_a_day(tmp_path: Path):
    (tmp_path / "x.yaml").write_text("source: a\ndate: soon\nmodels:\n  mine/own: {input: 1, output: 1}\n")
    with pytest.raises(UsageError, match="date=soon: it must be a day"):
        price("mine/own", folders=[tmp_path])


def test_every_model_with_a_price_of_its_own_in_conf_has_one():
    from llmsweep.paths import conf_dir

    ids = {
        line.split("price:")[1].split("#")[0].strip()
        for path in (conf_dir() / "model").glob("*.yaml")
        for line in path.read_text().splitlines()
        if line.strip().startswith("price:")
    }
    assert len(ids) >= 4
    for id in ids:
        assert price(id).output > 0
    assert len(listed_ids()) > 1000
