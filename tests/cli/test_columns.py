"""Tables that fit: what matters least goes first, nothing is cut."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from llmsweep.cli.columns import Column, fitted, item

COLUMNS = [
    Column("name", ["first", "second one"], left=True),
    Column("value", ["1", "12"]),
    Column("detail", ["x" * 20, "y" * 20], rank=2),
    Column("less", ["a" * 10, "b" * 10], rank=1),
]


def printed(width: int) -> list[str]:
    out = Console(file=io.StringIO(), width=width, highlight=False)
    out.print(fitted(COLUMNS, width))
    assert isinstance(out.file, io.StringIO)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("width", "headings"), [(80, "name value detail less"), (40, "name value less"), (25, "name value")]
)
def test_columns_leave_by_rank_and_none_is_cut(width: int, headings: str):
    lines = printed(width)
    assert lines[0].split() == headings.split()
    assert all("…" not in line and len(line) <= width for line in lines)
    assert lines[2].startswith("second one")


def test_a_sentence_of_a_list_is_indented_and_keeps_its_per_cent_signs():
    out = Console(file=io.StringIO(), width=24, highlight=False)
    item(out, "the local model alone 97 % and more words")
    assert isinstance(out.file, io.StringIO)
    lines = out.file.getvalue().splitlines()
    assert lines[0].startswith("- the local")
    assert lines[1].startswith("  ")
    assert "97 %" in out.file.getvalue()
