"""The verb cost: recorded sweeps and imported files, what is refused, what is written."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import builders
from llmsweep import manifest
from llmsweep.cli import run
from llmsweep.store import EPISODES, EpisodeLog, read_episodes
from llmsweep.types import EpisodeSpec, Turn, Usage

PUBLISHED = Path(__file__).parents[2] / "results/published"
FEW = ["draws=300"]


@pytest.fixture
def smollm(tmp_path: Path) -> Path:
    shutil.copytree(PUBLISHED / "micro-demo", tmp_path / "micro-demo")
    return tmp_path / "micro-demo/smollm2"


@pytest.fixture
def invoice(tmp_path: Path, smollm: Path) -> Path:
    """A cloud's results on the same tasks, measured elsewhere."""
    tasks = sorted({episode.task_id for episode in read_episodes(smollm)})
    return table(tmp_path / "cloud.csv", tasks)


def table(path: Path, tasks: list[str], head: str = "# where: cloud\n# basis: billed\n# date: 2026-10-01\n# source: an invoice\n# model: big\n") -> Path:  # fmt: skip
    dice = random.Random(0)
    rows = [
        f"{task},default,{str(dice.random() < 0.9).lower()},{dice.lognormvariate(-4, 0.5):.5f},{dice.randint(500, 2000)},3.1,{r}"
        for task in tasks
        for r in range(3)
    ]
    path.write_text(head + "task,cell,solved,cost,tokens,seconds,repeat\n" + "\n".join(rows) + "\n")
    return path


def test_what_cells_of_a_recorded_sweep_cost(smollm: Path, capsys):
    assert run(["cost", "show", str(smollm.parent), "tasks=1000", *FEW]) == 0
    told = capsys.readouterr().out
    assert "basis amortised_local" in told
    assert "assumed: watts busy: 60, of a laptop" in told
    for word in (
        "baseline (temperature 0)",
        "temperature 1.2",
        "a solved task",
        "h*",
        "wrong accepted",
        "fit a month",
    ):
        assert word in told
    assert told.index("baseline (temperature 0)") < told.index("temperature 0.4"), "the baseline comes first"


def test_cells_against_a_cloud(smollm: Path, invoice: Path, capsys):
    words = ["cost", "show", str(smollm), f"cloud={invoice}", "tasks=1000", *FEW]
    assert run(words) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "against big, default (its only cell), basis billed" in told
    assert "temperature 1.2: no break-even at any volume" in told


def test_two_clouds_and_what_a_fix_may_cost(tmp_path: Path, capsys):
    """The worked example E1, from two files."""
    for name, solved, cost in (("small", 300, 14.0381514), ("large", 353, 279.16737045)):
        rows = [f"t{i},x,{str(i < solved).lower()},{cost / 500!r}" for i in range(500)]
        head = f"# where: cloud\n# basis: billed\n# date: 2026-05-01\n# headline_solved: {solved}\n# headline_cost: {cost}\n"
        (tmp_path / f"{name}.csv").write_text(head + "task,cell,solved,cost\n" + "\n".join(rows) + "\n")
    assert run(["cost", "show", str(tmp_path / "small.csv"), f"cloud={tmp_path / 'large.csv'}", *FEW]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "$0.0468" in told
    assert "$19.03" in told
    assert "costs $3.18 more a task" in told
    assert "cheaper while a fix costs below h* $10.00" in told
    assert "flag" not in told


def test_a_machine_against_a_better_model(tmp_path: Path, capsys):
    """The worked example E3, from two files of 10,000 tasks: 1,291 tasks a month at $0.25 a fix, none at $0.90."""
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    tokens = f"{150_898.9},{150_898.9 * 0.85!r},{9_101.1}"
    ours.write_text(
        "# where: local\ntask,cell,solved,input_tokens,cached_tokens,output_tokens\n"
        + "".join(f"t{i},x,{str(i < 1869).lower()},{tokens}\n" for i in range(10_000))
    )
    theirs.write_text(
        "# where: cloud\n# basis: billed\n# date: 2026-05-01\ntask,cell,solved,cost\n"
        + "".join(f"t{i},x,{str(i < 3185).lower()},0.10652\n" for i in range(10_000))
    )
    host = ["host=dgx-spark", "host.watts=80", "host.idle_watts=25", "host.cost.upkeep_hours=0"]
    rates = ["host.cost.prefill_tokens_s=1723", "host.cost.decode_tokens_s=55"]
    words = ["cost", "curve", f"local={ours}", f"cloud={theirs}", *host, *rates, "review=0", "draws=100"]
    assert run([*words, "fix=0.25"]) == 0
    told = capsys.readouterr().out
    assert "Verdict: Local wins above 1,291 (95 %: " in told
    assert "$94.47 a month" in told
    assert run([*words, "fix=0.9"]) == 0
    assert "Verdict: No break-even at any volume" in capsys.readouterr().out


def test_measured_joules_and_a_rented_machine(tmp_path: Path, capsys):
    folder = PUBLISHED / "micro-demo-h100"
    assert run(["cost", "show", str(folder), *FEW]) == 2
    assert "nobody wrote down which host" in capsys.readouterr().err
    assert run(["cost", "show", str(folder), "host=h100-rented", "tasks=50000", *FEW]) == 0
    told = capsys.readouterr().out
    assert "host h100-rented, rent: $2,274 a month" in told
    assert "nothing passed" in told
    assert "> $" in told


def test_the_curve_is_written_and_says_what_it_rests_on(smollm: Path, invoice: Path, tmp_path: Path, capsys):
    out = tmp_path / "out"
    words = [
        f"local={smollm}",
        f"cloud={invoice}",
        "host=local",
        "tasks=1000",
        "fix=1",
        "review=0.2",
        f"out={out}",
    ]
    assert run(["cost", "curve", *words, *FEW]) == 0
    told = capsys.readouterr().out
    assert "Verdict: " in told
    assert "basis billed, prices of 2026-10-01, an invoice" in told
    assert "local would be cheaper if" in told
    assert "fix, of a task that no attempt did < $" in told
    written = pd.read_csv(out / "curve.csv")
    assert {"tasks_month", "utilisation", "local_naive", "cloud_naive", "local_full", "saved_low"} <= set(
        written
    )
    assert set(written["local_basis"]) == {"amortised_local"}
    assert set(written["cloud_basis"]) == {"billed"}
    assert set(written["price_date"]) == {"2026-10-01"}
    own = written[written["tasks_month"] == 1000].iloc[0]
    assert own["cloud_full"] - own["local_full"] == pytest.approx(own["saved"])
    for name in ("curve.png", "tornado.png", "curve.svg"):
        assert (out / name).stat().st_size > 20_000, name
    assert {"input", "saved_low", "likely_high"} <= set(pd.read_csv(out / "tornado.csv"))


def test_seconds_of_one_machine_do_not_stand_for_another(smollm: Path, invoice: Path, capsys):
    words = ["cost", "curve", f"local={smollm}", f"cloud={invoice}", "host=dgx-spark", *FEW]
    assert run(words) == 2
    assert "were measured on host local" in capsys.readouterr().err
    assert run([*words, "host.cost.prefill_tokens_s=1723", "host.cost.decode_tokens_s=55"]) == 0
    assert "by its rates, 1723 and 55 tokens/s" in capsys.readouterr().out
    assert run([*words, "assume=a Spark is as fast"]) == 0
    told = capsys.readouterr().out
    assert "Assumed, not measured: a Spark is as fast" in told
    assert "assumed: host=dgx-spark: the seconds in" in told


def test_a_clouds_pass_rate_does_not_stand_on_a_local_curve(
    smollm: Path, invoice: Path, tmp_path: Path, capsys
):
    rates = ["host.cost.prefill_tokens_s=1723", "host.cost.decode_tokens_s=55"]
    same = tmp_path / "same.csv"
    same.write_text(
        "# where: cloud\n# basis: billed\ntask,cell,solved,cost,input_tokens,output_tokens\n"
        "a,x,true,0.1,5000,200\nb,x,false,0.2,5000,300\n"
    )
    words = ["cost", "curve", f"local={same}", f"cloud={same}", "host=dgx-spark", *FEW]
    assert run([*words, "assume=same weights"]) == 2
    assert "its seconds are a cloud's" in capsys.readouterr().err
    assert run([*words, *rates]) == 2
    assert "its pass rate was measured in the cloud" in capsys.readouterr().err
    assert run([*words, *rates, "assume=same weights, same scores"]) == 0
    assert "Assumed, not measured: same weights, same scores" in capsys.readouterr().out
    reverse = [
        "cost",
        "curve",
        f"local={smollm}",
        f"cloud={smollm}",
        "cloud.price=openai/gpt-4.1",
        "host=local",
        *FEW,
    ]
    assert run(reverse) == 2
    assert "measured on a machine of one's own" in capsys.readouterr().err
    assert run([*reverse, "assume=a cloud serves it alike"]) == 0
    assert "basis metered_with_cache" in capsys.readouterr().out


def test_an_unknown_price_names_the_model(smollm: Path, capsys):
    words = ["cost", "curve", f"local={smollm}", f"cloud={smollm}", "host=local", "assume=x", *FEW]
    assert run(words) == 2
    assert "smollm2 has no price, and an unknown one is never taken for 0" in capsys.readouterr().err
    assert run([*words, "cloud.price=openai/gpt-4.0"]) == 2
    assert "cloud.price=openai/gpt-4.0: no price list has it" in capsys.readouterr().err


def test_prices_have_dates_and_lists_of_ones_own_win(smollm: Path, tmp_path: Path, capsys):
    mine = tmp_path / "mine/prices"
    mine.mkdir(parents=True)
    (mine / "mine.yaml").write_text(
        "source: a contract\ndate: 2026-10-10\nmodels:\n  openai/gpt-4.1: {input: 1000, output: 1000}\n"
    )
    words = [
        "cost",
        "curve",
        f"local={smollm}",
        f"cloud={smollm}",
        "host=local",
        "assume=x",
        "cloud.price=openai/gpt-4.1",
    ]
    assert run([*words, "--config-dir", str(mine.parent), "date=2026-10-11", *FEW]) == 0
    assert "prices of 2026-10-10, openai/gpt-4.1, a contract" in capsys.readouterr().out
    assert run([*words, "--config-dir", str(mine.parent), "date=2026-10-09", *FEW]) == 0
    assert "prices of 2026-10-09, openai/gpt-4.1, genai-prices" in capsys.readouterr().out
    assert run([*words, "basis=list_no_cache", *FEW]) == 0
    assert "basis list_no_cache" in capsys.readouterr().out


def test_what_does_not_look_right_is_flagged(smollm: Path, tmp_path: Path, capsys):
    path = tmp_path / "odd.csv"
    path.write_text(
        "# where: cloud\n# basis: billed\n# headline_rate: 0.9\n# headline_cost: 0.3\n"
        "task,cell,solved,cost,tokens,seconds\na,x,true,0.1,0,3\nb,x,false,0,200,3\nc,x,true,0.2,100,3\n"
    )
    assert run(["cost", "show", str(path), *FEW]) == 0
    told = capsys.readouterr().out
    assert "flag: 1 of 3 rows have zero tokens" in told
    assert "flag: 1 of 3 rows have zero cost" in told
    assert "flag: the headline says rate 0.9, the rows give 0.666667" in told
    assert "headline says cost" not in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("task,cell,solved,cost\na,x,true,0.1\n", "nobody says what its costs rest on"),
        ("# basis: billed\ntask,cell,solved,cost\na,x,true,\nb,x,true,1\n", "not every row has a cost"),
        ("# basis: billed\ntask,cell,solved,cost\na,x,true,0\n", "every cost is 0"),
        ("# basis: bild\ntask,cell,solved,cost\na,x,true,1\n", "did you mean 'billed'"),
        ("# where: moon\ntask,cell,solved,cost\na,x,true,1\n", "it must be local or cloud"),
        ("task,cell,passed\na,x,true\n", "there is no column 'passed'"),
        ("task,cell,cost\na,x,1\n", "the column 'solved' is missing"),
        ("task,cell,solved\na,x,maybe\n", "it must be true or false"),
        ("task,cell,solved,cost\na,x,true,-1\n", "it must be a number, 0 or more"),
        ("task,cell,solved,repeat\na,x,true,0\na,x,true,0\n", "is there twice in cell x"),
        ("task,cell,solved\n", "it has no row"),
    ],
)
def test_files_that_mean_nothing_get_one_sentence(text: str, said: str, tmp_path: Path, smollm: Path, capsys):
    path = tmp_path / "theirs.csv"
    path.write_text(text)
    assert run(["cost", "curve", f"local={smollm}", f"cloud={path}", "host=local", *FEW]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["curv"], "did you mean 'curve'"),
        (["curve", "local=x", "cloud=y"], "host is missing"),
        (["curve", "local=/nowhere", "cloud=y", "host=local"], "there is no such folder or file"),
        (["curve", "local=x", "cloud=y", "host=lokal"], "did you mean 'local'"),
        (["curve", "tsaks=3"], "did you mean 'tasks'"),
        (["curve", "tasks=0"], "it must be a number above 0"),
        (["curve", "fix=-3"], "it must be a number, 0 or more"),
        (["curve", "range.fix=3"], "two numbers, such as range.fix=20..80"),
        (["curve", "date=yesterday"], "a day such as 2026-11-01"),
        (["show"], "name what to show"),
        (["show", "x", "accept_wrong=2", "host=local"], "there is no such folder"),
    ],
)
def test_words_that_mean_nothing_get_one_sentence(words: list[str], said: str, capsys):
    assert run(["cost", *words]) == 2
    assert said in capsys.readouterr().err


def test_other_inputs_that_mean_nothing(smollm: Path, invoice: Path, capsys):
    words = ["cost", "curve", f"local={smollm}", f"cloud={invoice}", "host=local", *FEW]
    for word, said in (
        ("range.fxi=1..2", "did you mean 'fix'"),
        ("range.fix=4..2", "the low end comes first"),
        ("accept_wrong=2", "at most 1"),
        ("local.cell=nope", "there is no such cell"),
        ("host.cost.yaers=2", "did you mean 'host.cost.years'"),
        ("host.name=other", "a host keeps its name"),
        ("host.cost.mode=buy", "say the price with host.price_dollars"),
    ):
        assert run([*words, word]) == 2
        assert said in capsys.readouterr().err, word


def test_a_sweep_that_was_paid_by_the_token_knows_its_price(tmp_path: Path, capsys):
    words = [
        "model=scripted",
        "sandbox=local",
        "plots=false",
        "strategy=ofat",
        "suite.limit=6",
        "repeats=1",
        "space=none",
        "smoke=0",
    ]
    paid, free = tmp_path / "paid", tmp_path / "free"
    assert run([*words, "model.price=openai/gpt-4.1", f"results={paid}"]) == 0
    assert run([*words, f"results={free}"]) == 0
    capsys.readouterr()
    assert run(["cost", "show", str(paid), *FEW]) == 0
    assert "money: basis list_no_cache, prices of" in capsys.readouterr().out
    curve = [
        "cost",
        "curve",
        f"local={free / 'scripted'}",
        f"cloud={paid / 'scripted'}",
        "host=local",
        "tasks=500",
        *FEW,
    ]
    assert run(curve) == 0
    told = capsys.readouterr().out
    assert "6 common tasks" in told
    assert "Verdict: Not distinguishable at 500 tasks" in told, (
        "six tasks with the same outcomes decide nothing"
    )
    assert run(["cost", "curve", f"local={paid / 'scripted'}", *curve[3:]]) == 2
    assert "its seconds are a cloud's" in capsys.readouterr().err


@pytest.mark.slow
def test_a_hundred_thousand_episodes_take_under_ten_seconds_and_500_mb(tmp_path: Path):
    folder = tmp_path / "big"
    tasks = [f"s/t{i:03}" for i in range(250)]
    made(folder, tasks, 100_000)
    cloud = table(tmp_path / "cloud.csv", tasks)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "llmsweep", "cost", "curve", f"local={folder}", f"cloud={cloud}", "host=local", f"out={tmp_path / 'o'}"],
        check=True,
    )  # fmt: skip
    took = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{took:.1f} s, {peak:.0f} MB")
    assert took < 10
    assert peak < 500


def made(folder: Path, tasks: list[str], count: int) -> None:
    """A log of one cell with three turns an episode, written at once."""
    import msgspec

    dice = random.Random(0)
    cell = builders.cell()
    turn = Turn(usage=Usage(input_tokens=900, cached_tokens=700, output_tokens=80), ttft_s=0.2, prefill_s=0.2, decode_s=1.8, duration_s=2.0)  # fmt: skip
    spec = EpisodeSpec(task=builders.task(tasks[0]), cell=cell, repeat=0, harness="h")
    first = builders.episode(spec, turns=(turn,) * 3, duration_s=6.5)
    with EpisodeLog(folder) as log:
        log.append(first)
    with (folder / EPISODES).open("ab") as file:
        plain = msgspec.to_builtins(first)
        for number in range(1, count):
            task = tasks[number % len(tasks)]
            plain |= {"key": f"{number:064x}", "task_id": task, "task_digest": f"digest of {task}", "repeat": number // len(tasks) % 900}  # fmt: skip
            plain |= {"passed": dice.random() < 0.4, "duration_s": 6.5 + dice.random()}
            file.write(msgspec.json.encode(plain) + b"\n")
    manifest.write(
        folder,
        manifest.Manifest(
            model="m", suite="s", suite_version="1", suite_digest="d", strategy="grid", baseline=cell,
            tasks={task: f"digest of {task}" for task in tasks}, harness=["h"],
        ),
    )  # fmt: skip
