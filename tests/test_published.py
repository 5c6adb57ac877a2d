"""The recorded sweeps that README, docs and notebooks read still give what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmsweep.cli import run
from llmsweep.store import find_logs

PUBLISHED = Path(__file__).parents[1] / "results" / "published"


@pytest.mark.parametrize(
    "folder",
    [log for sweep in sorted(PUBLISHED.glob("*/")) if sweep.is_dir() for log in find_logs(sweep)],
    ids=lambda f: f"{f.parent.name}-{f.name}",
)
def test_a_published_sweep_is_read_and_recommends(folder: Path, capsys):
    assert run(["results", "show", str(folder)]) == 0
    assert "Recommendation" in capsys.readouterr().out


def test_the_readme_shows_the_published_table(capsys):
    run(["results", "show", str(PUBLISHED / "demo")])
    table = [line.rstrip() for line in capsys.readouterr().out.splitlines() if " %  " in line]
    readme = (PUBLISHED.parents[1] / "README.md").read_text(encoding="utf-8")
    assert len(table) == 1 + 4
    assert all(row in readme for row in table)
