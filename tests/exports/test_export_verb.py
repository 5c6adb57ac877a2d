"""The verbs as a newcomer uses them: words that are wrong, files that are missing, and what comes out of a real log."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from exports.made import PUBLISHED
from llmsweep.analysis.frame import COLUMNS
from llmsweep.cli import run
from llmsweep.exports.consumers import CONSUMERS

DEMO = PUBLISHED / "demo"


@pytest.mark.parametrize("what", [*CONSUMERS, "llmsweep"])
@pytest.mark.parametrize("name", ["demo", "micro-demo-h100"])
def test_a_published_recommendation_is_exported(what: str, name: str, tmp_path, capsys):
    out = tmp_path / "file"
    assert run(["export", what, str(PUBLISHED / name), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert out.read_text(encoding="utf-8")
    assert ("not in" in said.err) == (what != "llmsweep")


def test_the_exported_config_is_the_recommended_one(capsys):
    run(["export", "llmsweep", str(DEMO)])
    settings = capsys.readouterr().out.partition("baseline:")[2]
    written = (DEMO / "recommended/smollm2.yaml").read_text(encoding="utf-8")
    assert settings == written.partition("baseline:")[2]


def test_csv_has_a_row_an_episode(capsys):
    run(["export", "csv", str(DEMO)])
    data = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(data.columns) == list(COLUMNS)
    assert len(data) == 112
    assert int(data["passed"].sum()) == 26 + 17 + 7 + 1


def test_parquet_needs_a_file_and_says_what_is_missing(tmp_path, capsys):
    assert run(["export", "parquet", str(DEMO)]) == 2
    assert "--out is missing" in capsys.readouterr().err
    out = tmp_path / "episodes.parquet"
    code = run(["export", "parquet", str(DEMO), "--out", str(out)])
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        assert code == 3
        assert "pip install 'llmsweep[parquet]'" in capsys.readouterr().err
    else:
        assert len(pd.read_parquet(out)) == 112


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["export", "csv", "no-such-folder"], 2, "there is no such folder"),
        (["card", "no-such-folder"], 2, "there is no such folder"),
        (["export", "modelfile", str(DEMO), "--out", "no/such/folder/x"], 2, "cannot be written"),
        (["import", "inspect", "no-such-file"], 2, "there is no such file"),
        (["import", "inspect", str(DEMO / "smollm2/sweep.json")], 2, "it is no log of Inspect's"),
        (["imports"], 2, "did you mean 'import'?"),
    ],
)
def test_wrong_words_get_one_sentence(words, code, says, capsys):
    assert run(words) == code
    err = capsys.readouterr().err
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_several_models_are_not_guessed_at(tmp_path, capsys):
    for name in ("one", "two"):
        shutil.copytree(DEMO / "smollm2", tmp_path / name)
    assert run(["export", "request", str(tmp_path)]) == 2
    assert "it has several models; name one" in capsys.readouterr().err


def test_the_card_is_written_beside_the_recommendation(tmp_path, capsys):
    shutil.copytree(DEMO / "smollm2", tmp_path / "smollm2")
    assert run(["card", str(tmp_path), "--write"]) == 0
    first = (tmp_path / "recommended/smollm2.md").read_text(encoding="utf-8")
    assert run(["card", str(tmp_path / "smollm2"), "--write"]) == 0
    assert (tmp_path / "recommended/smollm2.md").read_text(encoding="utf-8") == first


def test_a_scripted_model_is_no_model_to_load(tmp_path, capsys):
    folder = tmp_path / "smollm2"
    shutil.copytree(DEMO / "smollm2", folder)
    config = folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("llmsweep.providers.llamacpp.LlamaCpp", "llmsweep.providers.scripted.Scripted")
    )
    assert run(["export", "request", str(tmp_path)]) == 2
    assert "which no consumer here speaks to" in capsys.readouterr().err


def test_a_request_is_nothing_but_json(capsys):
    run(["export", "request", str(DEMO)])
    body = json.loads(capsys.readouterr().out)
    assert body["model"] == "smollm2"
    assert (body["top_k"], body["min_p"], body["max_tokens"]) == (0, 0.0, 192)


def test_a_table_of_one_s_own_log_replays(tmp_path: Path, capsys):
    logs, table = tmp_path / "logs", tmp_path / "t.csv"
    assert run(["export", "inspect", str(DEMO), "--out", str(logs)]) == 0
    assert run(["export", "inspect", str(DEMO), "--out", str(logs)]) == 0  # a second time: the same files
    files = sorted(map(str, logs.glob("*")))
    assert len(files) == 4
    assert run(["import", "inspect", *files, "--out", str(table)]) == 0
    data = pd.read_csv(table)
    assert len(data) == 112
    assert set(data["temperature"]) == {0.0, 0.4, 0.8, 1.2}
    capsys.readouterr()
    assert run(["replay", f"table={table}", "runs=1", "strategy=race", "processes=1"]) == 0
    assert "4 cells" in capsys.readouterr().out
