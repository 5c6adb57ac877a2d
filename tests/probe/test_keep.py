from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builders import cell
from llmsweep.errors import UsageError
from llmsweep.probe.keep import FILE, FRESH, fresh, keep, kept, read_exchanges
from llmsweep.probe.report import Finding, ProbeReport
from llmsweep.probe.wanted import Wanted
from llmsweep.types import Exchange

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def report(key: str = "k" * 64, at: datetime = NOW) -> ProbeReport:
    return ProbeReport(
        key=key,
        model="m",
        revision="r",
        provider="openai",
        at=at.isoformat(timespec="seconds"),
        seconds=1.5,
        calls=2,
        input_tokens=30,
        output_tokens=20,
        findings=(
            Finding(knob="reasoning", values=(True, "low"), verdict="ignored", evidence="none"),
            Finding(
                knob="echo_reasoning",
                values=(True,),
                verdict="ignored",
                evidence="e",
                where={"reasoning": True},
            ),
        ),
        exchanges=(("why", Exchange(request={"temperature": 0.5}, reply="data: x", status=200)),),
    )


def test_what_is_kept_is_what_was_found(tmp_path: Path):
    keep(tmp_path, report())
    assert kept(tmp_path) == [report()]
    assert read_exchanges(tmp_path, kept(tmp_path)[0]) == report().exchanges


def test_the_latest_is_first_and_the_others_stay(tmp_path: Path):
    for minutes in (0, 1, 2):
        keep(tmp_path, report(at=NOW + timedelta(minutes=minutes)))
    assert [r.at for r in kept(tmp_path)] == sorted((r.at for r in kept(tmp_path)), reverse=True)
    assert len(list((tmp_path / "probe").iterdir())) == 3


def test_only_a_fresh_report_of_the_same_questions_is_used_again(tmp_path: Path):
    keep(tmp_path, report())
    assert fresh(tmp_path, "k" * 64, NOW + FRESH) == report()
    assert fresh(tmp_path, "k" * 64, NOW + FRESH + timedelta(seconds=1)) is None
    assert fresh(tmp_path, "j" * 64, NOW) is None
    assert fresh(tmp_path / "elsewhere", "k" * 64, NOW) is None


def test_a_damaged_file_is_said(tmp_path: Path):
    (tmp_path / FILE).write_text("[{")
    with pytest.raises(UsageError, match=r"probe\.json: cannot be read"):
        kept(tmp_path)


def test_other_questions_have_another_key():
    base = cell()
    hot = cell(temperature=0.8)
    keys = [
        Wanted(baseline=base, cells=[base]).key,
        Wanted(baseline=base, cells=[base, hot]).key,
        Wanted(baseline=hot, cells=[base, hot]).key,
        Wanted(baseline=base, cells=[base], settings="other server").key,
        Wanted(baseline=base, cells=[base], paid=True).key,
        Wanted(baseline=cell(revision="r2"), cells=[base]).key,
        Wanted(baseline=base, cells=[base, cell(protocol="native")]).key,
    ]
    assert len(set(keys)) == len(keys)
    assert Wanted(baseline=base, cells=[hot, base]).key == keys[1]


def test_a_finding_holds_for_cells_with_its_values_where_it_was_found():
    found = report()
    assert found.refuses(cell(reasoning=True)) is not None
    assert found.refuses(cell(reasoning="low")) is not None
    assert found.refuses(cell(reasoning="high", echo_reasoning=True)) is None
    assert found.refuses(cell(reasoning=False)) is None
    assert found.refuses(cell(reasoning=1)) is None
