"""The verbs `cost cascade` and `choose`: after two real (scripted) sweeps over the same tasks, and on published results."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from builders import task_folder
from llmsweep.cli import run
from llmsweep.store import EPISODES

PUBLISHED = Path(__file__).parent.parent.parent / "results/published"
RIGHT = """  {name}: |
    ```python solution.py
    def double(n):
        return 2 * n
    ```
"""
PROVIDER = """_target_: llmsweep.providers.scripted.Scripted
_convert_: all
replies:
{replies}reply: &no |
  ```python solution.py
  def double(n):
      return n{padding}
  ```
wrong: *no
right_share: {{0.0: {share}}}
"""
TASKS = "abcdef"


def provider(solves: str, share: float, padding: str = "") -> str:
    replies = "".join(RIGHT.format(name=f"Task {name}.") for name in solves)
    return PROVIDER.format(replies=replies, share=share, padding=padding)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """small: half of all tries at a to d; large, paid by the token: c to f, always."""
    root = tmp_path_factory.mktemp("swept")
    for name in TASKS:
        text = f"Write `solution.py` with a function `double(n)` that returns twice n. Task {name}.\n"
        task_folder(root / "tasks", name, **{"instruction.md": text})
    folder = root / "conf/provider"
    folder.mkdir(parents=True)
    (folder / "small.yaml").write_text(provider("abcd", 0.5))
    (folder / "large.yaml").write_text(provider("cdef", 1.0, "  # " + 40 * "longer "))
    sweeps = {
        "small": ["repeats=3", "repeats_greedy=3"],
        "large": ["repeats=1", "repeats_greedy=1", "model.price=anthropic/claude-haiku-4-5"],
    }
    for name, words in sweeps.items():
        words += ["--config-dir", str(root / "conf"), "model=scripted", f"model.name={name}"]
        words += [f"provider={name}", "sandbox=local", f"suite=harbor:{root / 'tasks'}", "suite.name=doubles"]
        words += ["space=none", "strategy=grid", "baseline.turns=1", "plots=false", "smoke=0"]
        assert run([*words, f"results={root / 'r'}"]) == 0
    return root / "r"


def cascade(*words: str) -> int:
    return run(["cost", "cascade", *words])


def both(swept: Path) -> list[str]:
    return [f"local={swept / 'small'}", f"frontier={swept / 'large'}"]


def test_a_cascade_of_two_sweeps_is_shown_and_written(swept: Path, tmp_path: Path, capsys):
    out = tmp_path / "out"
    assert cascade(*both(swept), "unit=tokens", "accept_right=1", "accept_wrong=0", f"out={out}") == 0
    text = capsys.readouterr().out
    assert "6 common tasks" in text
    assert "too few tasks: 6 tasks in common" in text
    assert (out / "cascade.png").stat().st_size > 10_000
    table = pd.read_csv(out / "cascade.csv")
    assert table["plan"].tolist() == ["local"] * 3 + ["cascade"] * 3 + ["frontier"]
    frontier = table.iloc[-1]
    assert frontier["solved"] == pytest.approx(4 / 6)
    one = table[(table["plan"] == "cascade") & (table["k"] == 1)].iloc[0]
    assert one["wrong"] == 0
    assert one["escalated"] == pytest.approx(1 - table.loc[0, "solved"])
    # a and b are the local model's alone: what it solves there comes on top of the frontier's four.
    assert one["solved"] > 4 / 6
    assert one["claimed_solved"] == pytest.approx(table.loc[0, "solved"] / 3 + 2 / 3)


def test_dollars_of_a_machine_and_of_tokens_each_say_what_they_rest_on(swept: Path, tmp_path: Path, capsys):
    words = [*both(swept), "host=local", "k=1", "tasks=1000", "fix=20"]
    assert cascade(*words, f"out={tmp_path}") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "basis amortised_local on local" in text
    assert "basis list_no_cache, prices of" in text
    assert "anthropic/claude-haiku-4-5" in text
    assert "reads the transcript of the last local try, uncached" in text
    assert "with people ($5.00 to review" in text
    table = pd.read_csv(tmp_path / "cascade.csv")
    assert table["plan"].tolist() == ["local", "cascade", "frontier"]
    assert (table["cost"] > 0).all()
    assert cascade(*words, "handoff=0.5", f"out={tmp_path}") == 0
    dearer = pd.read_csv(tmp_path / "cascade.csv")
    assert dearer.loc[1, "cost"] > table.loc[1, "cost"] + 0.4 * table.loc[1, "escalated"]


def test_unknown_money_is_an_error_and_never_zero(swept: Path, capsys):
    assert cascade(*both(swept)) == 2
    assert "name it with host=H" in capsys.readouterr().err
    assert cascade(f"local={swept / 'small'}", f"frontier={swept / 'small'}", "host=local") == 2
    assert "a cascade needs two" in capsys.readouterr().err


def test_a_rate_of_ones_own_machine_stands_for_a_service_only_where_one_says_why(
    swept: Path, tmp_path: Path, capsys
):
    words = [
        f"local={swept / 'large'}",
        f"frontier={swept / 'small'}",
        "frontier.price=anthropic/claude-haiku-4-5",
    ]
    assert cascade(*words, "k=1") == 2
    assert "not where frontier.price is paid" in capsys.readouterr().err
    assert cascade(*words, "k=1", "assume=the same weights", f"out={tmp_path}") == 0
    assert "assumed, not measured: the same weights" in " ".join(capsys.readouterr().out.split())
    assert "the same weights" in (tmp_path / "cascade.svg").read_text()


def test_two_local_models_share_the_month_of_their_machine(swept: Path, tmp_path: Path):
    copy = Path(shutil.copytree(swept / "small", tmp_path / "other"))
    lines = (copy / EPISODES).read_text().replace('"temperature":0.0', '"temperature":0.1')
    (copy / EPISODES).write_text(lines)
    words = [f"local={swept / 'small'}", f"frontier={copy}", "host=dgx-spark", "tasks=100", "k=1"]
    assert cascade(*words, f"out={tmp_path}", "assume=any host") == 0
    table = pd.read_csv(tmp_path / "cascade.csv")
    assert (
        table["cost"].max() < 1.1 * table["cost"].min()
    )  # nearly all of it is the month's share, in all three


def test_tasks_that_only_one_side_ran_are_left_out_and_said(swept: Path, tmp_path: Path, capsys):
    copy = Path(shutil.copytree(swept / "large", tmp_path / "large"))
    lines = (copy / EPISODES).read_text().splitlines(keepends=True)
    (copy / EPISODES).write_text(
        "".join(line for line in lines if "/a" not in line.split('"task_digest"')[0])
    )
    assert cascade(f"local={swept / 'small'}", f"frontier={copy}", "unit=tokens") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "5 common tasks" in text
    assert "1 of the 6 tasks of local are left out" in text


def test_systems_measured_elsewhere_come_from_files(tmp_path: Path, capsys):
    for name, solved, cost in (("weak", "1100", 0.01), ("strong", "1011", 0.3)):
        rows = [
            f"t{t},{name},{repeat},{bool(int(solved[(t + repeat * (name == 'weak')) % 4]))},{cost}"
            for t in range(8)
            for repeat in (0, 1)
        ]
        text = "# basis: billed\n# date: 2026-11-01\ntask,cell,repeat,solved,cost\n" + "\n".join(rows) + "\n"
        (tmp_path / f"{name}.csv").write_text(text)
    words = [f"local={tmp_path / 'weak.csv'}", f"frontier={tmp_path / 'strong.csv'}", "k=1..2"]
    assert cascade(*words, f"out={tmp_path / 'out'}") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "basis billed, prices of 2026-11-01" in text
    assert "nobody knows what it costs here, and it is left out" in text
    table = pd.read_csv(tmp_path / "out/cascade.csv")
    assert table["k"].tolist() == [1, 2, 1, 2, 0]
    assert table["cost"].iloc[-1] == pytest.approx(0.3)
    # Both in one file, told apart by their cells.
    header, *rows = (tmp_path / "weak.csv").read_text().splitlines()[2:]
    more = (tmp_path / "strong.csv").read_text().splitlines()[3:]
    one = tmp_path / "both.csv"
    one.write_text("\n".join(["# basis: billed", header, *rows, *more]) + "\n")
    words = [f"local={one}", f"frontier={one}", "local.cell=weak", "frontier.cell=strong", "k=1..2"]
    assert cascade(*words, f"out={tmp_path / 'one'}") == 0
    again = pd.read_csv(tmp_path / "one/cascade.csv")
    assert again["solved"].tolist() == pytest.approx(table["solved"].tolist())
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["local=x"], "frontier is missing"),
        (["local=x", "frontier=y", "k=0"], "k=0: it must be numbers of tries from 1 to 20"),
        (["local=x", "frontier=y", "k=3..1"], "must not be below the first"),
        (["local=x", "frontier=y", "accept_wrong=2"], "it must be a share"),
        (["local=x", "frontier=y", "unit=euros"], "there is no such unit"),
        (["local=x", "frontier=y", "unit=tokens", "fix=3"], "it is about money"),
        (["local=x", "frontier=y", "handof=3"], "did you mean 'handoff'"),
        (["local=/nowhere", "frontier=y", "unit=tokens"], "no such folder or file"),
        (["local=x", "frontier=y", "accept=tests"], "it can be check"),
        (["local=x", "frontier=y", "accept=check", "accept_wrong=0.1"], "give one of them"),
        (["local"], "takes key=value"),
    ],
)
def test_words_that_mean_nothing_are_refused(words: list[str], said: str, capsys):
    assert cascade(*words) == 2
    assert said in capsys.readouterr().err


def test_published_results_make_a_cascade_of_two_cells_and_name_other_texts(tmp_path: Path, capsys):
    copy = Path(shutil.copytree(PUBLISHED, tmp_path / "published"))
    demo = copy / "micro-demo"
    words = [f"local={demo}", f"frontier={demo}", "local.cell=temperature 0.4", "unit=seconds"]
    assert cascade(*words) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "16 common tasks" in text
    assert "(recommended)" in text
    assert "frontier: the cell was chosen by the same episodes that give its rate here" in text
    assert cascade(f"local={demo}", f"frontier={copy / 'micro-demo-h100'}", "unit=tokens") == 2
    assert "same names and other texts" in capsys.readouterr().err
    assert cascade(*words, "accept=check", "k=1") == 0
    assert "the visible check, which accepted 100 % of 25 local attempts" in " ".join(
        capsys.readouterr().out.split()
    )
    # A greedy cell that ran once: nobody knows what a second try gives.
    words = [f"local={demo}", f"frontier={demo}", "frontier.cell=temperature 0.4", "unit=tokens"]
    assert cascade(*words) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "k=2 and 3: not shown, since no task was tried twice" in text
    assert cascade(*words, "k=2") == 2


# choose


def test_the_smallest_model_that_cannot_be_told_from_the_best_is_chosen(swept: Path, capsys):
    words = ["choose", "suite=doubles", "host=mac-64-lite", f"results={swept}"]
    assert run([*words, "memory.small=3"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "12.0 GB for models: 2 models" in text
    assert "Choice (undecided): small (small, 3.0 GB, fits mac-64-lite)" in text
    assert "the smallest that cannot be told from the best, but only for want of evidence" in text
    assert "large is at" in text
    assert "no medium or large model has results here" in text
    assert run([*words, "memory.small=40"]) == 0
    assert "): large (cloud)" in " ".join(capsys.readouterr().out.split())
    assert run(words) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "): large (cloud)" in text
    assert "say memory.small=GB" in text


def test_choosing_from_published_results_names_what_was_passed_over(tmp_path: Path, capsys):
    copy = Path(shutil.copytree(PUBLISHED, tmp_path / "published"))
    assert run(["choose", "suite=micro", "host=single-gpu", f"results={copy}"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "smollm2" in text
    assert "it ran other texts of these tasks" in text
    assert "was not confirmed on fresh seeds" in text
    assert "known here and not run on micro" in text


def test_memory_is_estimated_where_only_the_size_of_the_weights_is_known(tmp_path: Path, capsys):
    copy = Path(shutil.copytree(PUBLISHED / "micro-demo-h100", tmp_path / "h100"))
    assert run(["choose", "suite=micro", "host=single-gpu", f"results={copy}"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "smollm2-h100 (small, 0.1 GB, fits single-gpu) is the only model with results" in text
    assert "what smollm2-h100 takes of memory is estimated from the weights' size" in text
    assert run(["choose", "suite=micro", "host=single-gpu", f"results={copy}", "memory.smollm2-h100=30"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "no model that cannot be told from the best (smollm2-h100) is known to fit single-gpu" in text


def test_of_one_model_the_newest_results_count_and_broken_ones_are_named(swept: Path, tmp_path: Path, capsys):
    old = Path(shutil.copytree(swept, tmp_path / "all/old"))
    new = Path(shutil.copytree(swept / "small", tmp_path / "all/new/small"))
    lines = (new / EPISODES).read_text().replace('"started_at":"20', '"started_at":"21')
    (new / EPISODES).write_text(lines)
    (tmp_path / "all/new/small/smoke").mkdir(exist_ok=True)
    broken = Path(shutil.copytree(swept / "small", tmp_path / "all/broken/small"))
    (broken / "sweep.json").write_text("{")
    assert (
        run(["choose", "suite=doubles", "host=local", f"results={tmp_path / 'all'}", "memory.small=1"]) == 0
    )
    text = "".join(capsys.readouterr().out.split())
    assert "2models" in text
    assert f"{old / 'small'}:passedover,{new}hasnewerresultsofthesamemodel".replace(" ", "") in text
    assert f"passedover:{broken / 'sweep.json'}:cannotberead" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["suite=doubles"], "host is missing"),
        (["suite=doubles", "host=nowhere"], "there is no such host"),
        (["suite=double", "host=local"], "did you mean 'doubles'"),
        (["suite=doubles", "host=local", "memory.nobody=3"], "no such model has results here"),
        (["suite=doubles", "host=local", "delta=2"], "it must be a share"),
        (["suite=doubles", "host=local", "hots=2"], "there is no such key"),
    ],
)
def test_choose_refuses_words_that_mean_nothing(swept: Path, words: list[str], said: str, capsys):
    assert run(["choose", f"results={swept}", *words]) == 2
    assert said in capsys.readouterr().err
