from __future__ import annotations

import json
import re
from pathlib import Path

import page_sample
import pytest
import sample

from llmsweep.analysis.page.pictures import front
from llmsweep.cli import run

PUBLISHED = Path(__file__).parents[2] / "results" / "published"


def page_of(folder: Path, to: Path, *words: str) -> str:
    assert run(["report", str(folder), "--to", str(to), *words]) == 0
    return to.read_text(encoding="utf-8")


def data_of(html: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.S).group(1))


@pytest.mark.parametrize("sweep", ["demo", "micro-race-seed3", "micro-demo-h100"])
def test_a_page_says_what_the_terminal_says(sweep: str, tmp_path: Path, capsys):
    html = page_of(PUBLISHED / sweep, tmp_path / "r.html").replace("\u00a0", " ")
    capsys.readouterr()
    run(["results", "show", str(PUBLISHED / sweep)])
    shown = capsys.readouterr().out
    # Its lines are broken for the terminal: whole sentences are compared without white space.
    words = re.sub(r"[\s-]", "", shown)
    for block in re.findall(r"<li>([^<]*)</li>", html.partition('id="cells"')[0]):
        text = block.replace("&#39;", "'").replace("&gt;", ">")
        assert re.sub(r"[\s-]", "", text) in words
    for cell in data_of(html)["cells"]:
        assert cell["seen"] in html
        assert cell["said"].partition(" (")[0] in shown


def test_a_page_holds_every_part_and_loads_nothing(tmp_path: Path):
    html = page_of(PUBLISHED / "demo", tmp_path / "r.html")
    assert len(html) < 500_000
    parts = re.findall(r'<section id="(\w+)"', html)
    assert parts[:2] == ["recommendation", "cells"]
    assert {"axes", "budgets", "costs", "ttft", "ceilings", "tasks", "episodes", "probe", "envelope"} <= set(
        parts
    )
    assert html.index("Biggest caveat") < html.index("Evidence")
    assert "default-src 'none'" in html
    assert not re.search(r'(src|href)="(?!#)', html)
    assert not re.search(r"\son\w+=|\sstyle=", html.partition("<script")[0])


def test_what_a_model_wrote_is_never_markup(tmp_path: Path):
    made = page_sample.hostile(sample.sweep(page_sample.cells(3), tasks=6, repeats=2))
    page_sample.write_log(tmp_path / "m", made, page_sample.HOSTILE)
    html = page_of(tmp_path / "m", tmp_path / "r.html")
    assert "<img" not in html
    assert html.count("<script") == html.count("</script>") == 4
    assert "onerror=&#34;" in html  # the fault's own words, as text


def test_failures_of_the_recommended_cell_stay_longest(tmp_path: Path, capsys):
    page_sample.write_log(
        tmp_path / "m", sample.sweep(page_sample.cells(6), tasks=30, repeats=5), words=4_000
    )
    html = page_of(tmp_path / "m", tmp_path / "r.html", "--megabytes", "0.8")
    assert len(html) <= 800_000
    kept, of = map(int, re.search(r"(\d+) of (\d+) transcripts are in this file", html).groups())
    assert 0 < kept < of
    assert f"{of - kept} transcripts left out" in capsys.readouterr().err


def test_the_front_is_what_nothing_beats():
    assert front([3.0, 1.0, 2.0, 2.0, float("nan")], [0.9, 0.5, 0.4, 0.7, 1.0]) == [1, 3, 0]


def test_bad_words_are_told(tmp_path: Path, capsys):
    assert run(["report", str(tmp_path)]) == 2
    assert "no results there" in capsys.readouterr().err
    assert run(["report", str(PUBLISHED / "demo"), "--megabytes", "tiny"]) == 2
    assert "--megabytes=tiny: it must be a number" in capsys.readouterr().err
    assert run(["report", str(PUBLISHED / "demo"), "--to", str(tmp_path / "no" / "r.html")]) == 3
    assert "cannot be written" in capsys.readouterr().err
