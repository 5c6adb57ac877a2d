"""The pictures of docs/plain-statistics.md, drawn from the recorded sweeps; `make docs` draws them anew.

python website/figures.py docs/figures
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from llmsweep.analysis.frame import choosing, frame, scored
from llmsweep.store import read_episodes

PUBLISHED = Path(__file__).parents[1] / "results" / "published"
SWEEP = PUBLISHED / "micro-demo" / "smollm2"
"""Equal repeats in every cell: three attempts at each of 16 tasks (one at temperature 0)."""
BLUE, ORANGE, GREY, DARK = "#0072b2", "#d55e00", "#c8ccd0", "#333333"
RUNS = 20_000


def attempts() -> pd.DataFrame:
    """Of each recorded episode: task, temperature, repeat, passed."""
    data = choosing(scored(frame(read_episodes(SWEEP))))
    return data.assign(passed=data["passed"].astype(float))


def single_runs(data: pd.DataFrame, temperature: float, runs: int = RUNS, seed: int = 0) -> np.ndarray:
    """Pass rates that a single run of this cell could have shown: of each task one of its recorded attempts, by chance."""
    rng = np.random.default_rng(seed)
    by_task = data[data["temperature"] == temperature].groupby("task_id")["passed"]
    draws = [rng.choice(group.to_numpy(), runs) for _, group in by_task]
    return np.mean(draws, axis=0)


def wrong_way(data: pd.DataFrame, better: float, worse: float) -> float:
    """The share of pairs of single runs in which the cell with the lower recorded rate comes out as good or better."""
    return float(np.mean(single_runs(data, worse, seed=1) >= single_runs(data, better, seed=2)))


def spreads(data: pd.DataFrame, temperature: float) -> tuple[float, float]:
    """Variance between the tasks' own pass rates, and within a task from attempt to attempt; both without bias."""
    by_task = data[data["temperature"] == temperature].groupby("task_id")["passed"]
    rates, counts = by_task.mean().to_numpy(), by_task.count().to_numpy()
    within = float(np.mean(rates * (1 - rates) * counts / (counts - 1)))
    return max(0.0, float(rates.var(ddof=1)) - within / float(counts.mean())), within


def paired_and_apart(data: pd.DataFrame, one: float, other: float) -> tuple[float, float]:
    """Half of a 95 % interval of the difference, in points: on the same tasks, and had each cell had tasks of its own."""
    rates = data.groupby(["task_id", "temperature"])["passed"].mean().unstack()
    x, y = rates[one], rates[other]
    paired = np.sqrt((x - y).var(ddof=1) / len(x))
    return float(196 * paired), float(196 * np.sqrt(x.var(ddof=1) / len(x) + y.var(ddof=1) / len(y)))


def half_width(tasks: int, attempts_each: int, between: float, within: float) -> float:
    """Half of a 95 % interval, in points, of a pass rate for tasks like these."""
    return float(196 * np.sqrt((between + within / attempts_each) / tasks))


def outcomes(folder: Path) -> Path:
    """Every attempt, task by task: what is hard is hard in every cell."""
    data = attempts()
    temperatures = sorted(data["temperature"].unique())
    order = data.groupby("task_id")["passed"].mean().sort_values(ascending=True).index
    figure, axes = _canvas(7.4, 5.2)
    for row, task in enumerate(order):
        for column, temperature in enumerate(temperatures):
            tries = data[(data["task_id"] == task) & (data["temperature"] == temperature)].sort_values(
                "repeat"
            )
            for n, passed in enumerate(tries["passed"]):
                x = column + (n - (len(tries) - 1) / 2) * 0.2
                axes.scatter(x, row, s=62, marker="s", color=BLUE if passed else GREY, linewidths=0)
    axes.set_yticks(range(len(order)), [name.removeprefix("micro/") for name in order], fontsize=9)
    axes.set_xticks(range(len(temperatures)), [f"temperature {t:g}" for t in temperatures], fontsize=10)
    axes.tick_params(length=0)
    axes.set_title("Each square is one attempt: blue passed, grey failed", loc="left", fontsize=11)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    return _save(figure, folder / "outcomes.svg")


def one_run(folder: Path) -> Path:
    """What a single run could have shown of two cells."""
    data = attempts()
    tasks = data["task_id"].nunique()
    figure, axes = _canvas(7.4, 3.2)
    edges = (np.arange(tasks + 2) - 0.5) / tasks * 100
    for temperature, colour in ((0.4, BLUE), (0.8, ORANGE)):
        rates = single_runs(data, temperature) * 100
        mean = data[data["temperature"] == temperature].groupby("task_id")["passed"].mean().mean() * 100
        axes.hist(
            rates, bins=edges, weights=np.full(len(rates), 100 / len(rates)), color=colour, alpha=0.55,
            label=f"temperature {temperature:g}: {mean:.0f} % over all three repeats",
        )  # fmt: skip
    axes.set_xlabel("pass rate of one run of the 16 tasks, %")
    axes.set_ylabel("of such runs, %")
    axes.set_xlim(0, 80)
    axes.legend(frameon=False, fontsize=9, ncols=2, loc="lower left", bbox_to_anchor=(0, 1))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return _save(figure, folder / "one-run.svg")


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    matplotlib.rcParams.update({"svg.hashsalt": "llmsweep", "svg.fonttype": "path", "text.color": DARK})
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _save(figure: Figure, path: Path) -> Path:
    """Without a date, so that the same data give the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None}, facecolor="white")
    return path


def draw(folder: Path) -> list[Path]:
    """All of them."""
    return [outcomes(folder), one_run(folder)]


if __name__ == "__main__":
    print(*draw(Path(sys.argv[1])), sep="\n")
