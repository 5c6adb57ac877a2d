"""A wake filter in two panels: recall against false wakes on the held-out part, and dollars a trigger against the signal rate."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from llmsweep.analysis.plots.canvas import BLUE, GREEN, GREY, LIGHT, RED, light
from llmsweep.analysis.stats import Floats
from llmsweep.analysis.wake.money import Stakes
from llmsweep.analysis.wake.report import Report, Row
from llmsweep.analysis.wake.rules import Rule, means, rules_of
from llmsweep.analysis.wake.worth import Worth

STEPS = 201
_ENDS = [0.025, 0.975]


def plot_wake(report: Report) -> Figure:
    """Left, each cell's rules from waking for nothing to waking for all, the chosen one with its 95 % intervals. Right, the
    chosen rule's dollars against the share of real triggers, with its band; where no cycle or miss is given, what rates
    each rule has instead.
    """
    figure = Figure(figsize=(11.0, 4.9), layout="constrained")
    left, right = figure.subplots(1, 2)
    _traded(left, report)
    worth = report.worth
    if worth.terms.cycle is not None and worth.terms.miss is not None and not np.isnan(worth.call):
        _money(right, worth)
    else:
        _rules(right, report.chosen)
    about = report.about
    held = sum(trigger.part == "heldout" for trigger in about.triggers)
    figure.suptitle(
        f"{about.model} as wake filter: {report.chosen.label}, {report.chosen.chosen.rule}\n"
        f"{held} held-out triggers of {about.source}; tuned on the other {len(about.triggers) - held} by {report.by}",
        fontsize=11,
        x=0.01,
        ha="left",
    )
    return figure


def _traded(panel: Axes, report: Report) -> None:
    light(panel)
    panel.plot([0, 1], [0, 1], color=LIGHT, lw=1, ls=":", zorder=1)
    panel.text(0.97, 0.93, "a coin", color=GREY, fontsize=8, ha="right", rotation=38)
    others = False
    for row in report.rows:
        chosen = row is report.chosen
        false_wake, recall = _curve(row)
        color, width = (BLUE, 1.9) if chosen else (GREY, 1.0)
        name = row.label if chosen else None if others else "other cells, each with its thresholds"
        others = others or not chosen
        panel.plot(
            false_wake, recall, color=color, lw=width, drawstyle="steps-post", zorder=3 if chosen else 2, label=name,
            ls="-" if chosen else "--",
        )  # fmt: skip
    row = report.chosen
    arms = [
        [[max(0.0, of.value - of.low)], [max(0.0, of.high - of.value)]] for of in (row.false_wake, row.recall)
    ]
    panel.errorbar(
        row.false_wake.value, row.recall.value, xerr=arms[0], yerr=arms[1], color=RED, marker="o", ms=7, capsize=3,
        lw=1.5, zorder=5, label="chosen on the tuning part, 95 %",
    )  # fmt: skip
    panel.axhline(report.required, color=GREEN, lw=1.1, ls="--", zorder=1)
    panel.text(
        0.0,
        report.required - 0.012,
        f"{100 * report.required:g} % recall wanted",
        color=GREEN,
        fontsize=8,
        va="top",
    )
    panel.set_xlim(-0.02, 1.02)
    panel.set_ylim(-0.02, 1.04)
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    panel.set_xlabel("false wakes (share of noise that wakes)")
    panel.set_ylabel("recall (share of real triggers that wake)")
    panel.set_title("What is caught against what is woken for nothing", fontsize=10, loc="left")
    panel.legend(frameon=False, fontsize=8, loc="lower right")


def _curve(row: Row) -> tuple[Floats, Floats]:
    """False wakes and recall on the held-out part of every rule but the plain verdict, from waking for nothing to all."""
    rules = [rule for rule in rules_of(row.heard) if rule.kind != "verdict"] or rules_of(row.heard)
    points = [(0.0, 0.0), (1.0, 1.0)]
    for rule in rules:
        recall, false_wake = means(row.heard, rule, "heldout")
        points.append((false_wake, recall))
    xs, ys = zip(*sorted(points), strict=True)
    return np.array(xs), np.array(ys)


def _money(panel: Axes, worth: Worth) -> None:
    light(panel)
    cycle, miss = worth.terms.cycle or 0.0, worth.terms.miss or 0.0
    signal = np.linspace(0, 1, STEPS)
    stakes = [Stakes(cycle=cycle, call=worth.call, miss=miss, signal=float(s)) for s in signal]
    drawn = np.stack([one.with_filter(worth.recall, worth.false_wake) for one in stakes])
    low, high = np.quantile(drawn[:, 1:], _ENDS, axis=1)
    panel.fill_between(signal, low, high, color=BLUE, alpha=0.18, lw=0, zorder=1)
    panel.plot(
        signal, drawn[:, 0], color=BLUE, lw=1.9, zorder=3, label="with the filter, misses counted, 95 %"
    )
    panel.axhline(cycle, color=GREY, lw=1.5, zorder=2, label="no filter")
    panel.plot(
        signal, [one.ideal for one in stakes], color=LIGHT, lw=1.5, ls="--", zorder=2, label="an ideal filter"
    )
    if worth.pays is not None and worth.pays.where in ("below", "above"):
        panel.axvline(worth.pays.at, color=GREEN, lw=1.2, ls=":", zorder=2, label="break-even")
        if worth.signal is not None and worth.pays.where == "below":
            panel.axvspan(worth.signal.low, worth.signal.high, color=GREEN, alpha=0.08, lw=0, zorder=0)
    if worth.terms.signal is not None and worth.cost is not None:
        panel.errorbar(
            worth.terms.signal, worth.cost.value,
            yerr=[[worth.cost.value - worth.cost.low], [worth.cost.high - worth.cost.value]],
            color=RED, marker="o", ms=7, capsize=3, lw=1.5, zorder=5, label="your signal rate",
        )  # fmt: skip
    panel.set_xlim(0, 1)
    panel.set_ylim(0, min(float(drawn[:, 0].max()) * 1.08, cycle * 4))
    panel.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    panel.yaxis.set_major_formatter(lambda value, _: f"${value:g}")
    panel.set_xlabel("share of triggers that are real (signal rate)")
    panel.set_ylabel("dollars a trigger")
    panel.set_title(f"What it costs: a cycle \\${cycle:g}, a miss \\${miss:g}", fontsize=10, loc="left")
    panel.legend(frameon=False, fontsize=8, loc="best")


def _rules(panel: Axes, row: Row) -> None:
    """Recall and false wakes against the threshold, on both parts."""
    light(panel)
    rules = [rule for rule in rules_of(row.heard) if rule.kind != "verdict"] or rules_of(row.heard)
    xs = [_place(rule) for rule in rules]
    for part, style in (("tune", "--"), ("heldout", "-")):
        rates = [means(row.heard, rule, "tune" if part == "tune" else "heldout") for rule in rules]
        name = "tuning part" if part == "tune" else "held out"
        panel.plot(xs, [recall for recall, _ in rates], color=BLUE, ls=style, lw=1.6, label=f"recall, {name}")
        panel.plot(
            xs, [false for _, false in rates], color=RED, ls=style, lw=1.6, label=f"false wakes, {name}"
        )
    if row.chosen.rule.kind != "verdict":
        panel.axvline(_place(row.chosen.rule), color=GREY, lw=1.2, ls=":", label="chosen")
    panel.set_ylim(-0.02, 1.04)
    panel.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    votes = rules[-1].kind == "votes"
    panel.set_xlabel(
        "votes of the calls about a trigger" if votes else "threshold of the probability of wake"
    )
    panel.set_title("Rates by threshold; cycle= and miss= would show money here", fontsize=10, loc="left")
    panel.legend(frameon=False, fontsize=8, loc="best")


def _place(rule: Rule) -> float:
    return rule.threshold / rule.calls if rule.kind == "votes" else rule.threshold
