"""The documented columns are the real ones: name, dtype, unit, meaning; and docs/api.md has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import llmsweep
from llmsweep.api.columns import FRAMES, as_markdown

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "results/published"


@pytest.fixture(scope="module")
def sweep() -> llmsweep.Sweep:
    return llmsweep.load(PUBLISHED / "micro-turns")


def frames(sweep: llmsweep.Sweep) -> dict[str, pd.DataFrame]:
    machine = llmsweep.Machine(name="laptop", watts=60, idle_watts=10)
    example = llmsweep.local_or_cloud(
        llmsweep.Stated(0.2, seconds=10), llmsweep.Stated(0.3, dollars=0.1), machine
    )
    return {
        **{
            name: getattr(sweep, name)
            for name in ("episodes", "turns", "cells", "tasks", "faults", "budgets")
        },
        "differences": llmsweep.compare(sweep, sweep).cells,
        "costs": llmsweep.costs(sweep, machine=machine, tasks_month=1000),
        "curve": example.curve,
    }


def test_every_public_frame_is_as_documented(sweep):
    found = frames(sweep)
    assert set(found) == set(FRAMES)
    for name, data in found.items():
        said = llmsweep.columns(name)
        assert list(data.columns) == list(said["name"]), name
        assert [str(dtype) for dtype in data.dtypes] == list(said["dtype"]), name
        assert said["meaning"].str.len().min() > 3


def test_every_number_has_a_unit_and_no_word_has_one():
    units = {"s", "tokens", "J", "$", "share", "count", "1", "its kind's"}
    for name in FRAMES:
        for _, row in llmsweep.columns(name).iterrows():
            words = row["dtype"] in ("string", "bool", "boolean")
            assert (row["unit"] == "") if words else (row["unit"] in units), (name, row["name"])


def test_shares_are_shares(sweep):
    for name, data in frames(sweep).items():
        said = llmsweep.columns(name).set_index("name")
        for column in said.index[said["unit"] == "share"]:
            values = data[column].to_numpy(dtype=np.float64, na_value=np.nan)
            assert np.nanmax(np.abs(np.append(values, 0))) <= 1, (name, column)


def test_the_docs_have_the_columns():
    assert as_markdown() in (ROOT / "docs/api.md").read_text(encoding="utf-8")


def test_importing_the_package_loads_nothing_heavy():
    code = "import llmsweep, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    tops = {name.partition(".")[0] for name in loaded.split()}
    assert not tops & {"pandas", "numpy", "matplotlib", "hydra", "msgspec", "scipy"}


def test_the_public_names_are_there_and_no_others_are_promised():
    for name in llmsweep.__all__:
        assert getattr(llmsweep, name) is not None
        assert name in dir(llmsweep)
    with pytest.raises(AttributeError, match="laod"):
        _ = llmsweep.laod
