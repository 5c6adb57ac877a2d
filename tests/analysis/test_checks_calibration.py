"""How often a check is wrong, how often it misses, and what it takes, over checks with known truths; figures in docs/check.md.

Tasks are unlike (spread 1.8 on the logit scale); a candidate may be worse everywhere or lose a few tasks whole. Baseline and
candidate are drawn apart, which is the hardest case: common seeds can only make pairs more alike.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from llmsweep.analysis.stats import judge_rate, judge_ratio, judge_typical

pytestmark = pytest.mark.slow
CHECKS = 400
PAIRS = 640
SMALL = 160
"""Pairs of a small gate: sixteen tasks, ten repeats."""
ALPHA = 0.05
NOISE = 2 * (ALPHA * (1 - ALPHA) / CHECKS) ** 0.5
"""Twice the standard error of an error rate of alpha over so many checks."""


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def everywhere(base, loss):
    """Every task a little worse, by the same shift on the logit scale, so that the mean loss is this one."""
    logit, low, high = np.log(base / (1 - base)), -8.0, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (base - sigmoid(logit - middle)).mean() < loss else (low, middle)
    return sigmoid(logit - low)


def some(base, loss):
    """Some tasks lose all that they have, the last of them a part; the others keep it: as unlike as can be."""
    ours, left = base.copy(), loss * len(base)
    for i in np.argsort(-base):
        taken = min(ours[i], left)
        ours[i], left = ours[i] - taken, left - taken
    return ours


def truth(random, tasks, kind, loss):
    base = sigmoid(0.5 + random.normal(0, 1.8, tasks))
    return base, {"everywhere": everywhere, "some": some}[kind](base, loss)


def check(random, base, ours, margin):
    """What it answers, and after how many pairs: that of the first complete pass after which it is answered."""
    tasks = len(base)
    size = (PAIRS // tasks, tasks)
    pairs = (random.random(size) < ours).astype(float) - (random.random(size) < base)
    judged = partial(judge_rate, margin=margin, alpha=ALPHA, block=tasks)
    answer = judged(pairs.ravel()).answer
    low, high = 1, len(pairs)
    while answer != "undecided" and low < high:  # a decision stays, so that its first pass can be bisected
        middle = (low + high) // 2
        low, high = (
            (low, middle) if judged(pairs[:middle].ravel()).answer != "undecided" else (middle + 1, high)
        )
    return answer, high * tasks


@pytest.mark.timeout(900)
@pytest.mark.parametrize("margin", [0.1, 0.2])
@pytest.mark.parametrize("tasks", [8, 16, 40])
@pytest.mark.parametrize("kind", ["everywhere", "some"])
def test_answers_are_wrong_as_seldom_as_they_say(kind, tasks, margin):
    for name, loss in (
        ("equal", 0.0),
        ("at the margin", margin),
        ("twice", 2 * margin),
        ("3 times", 3 * margin),
    ):
        random = np.random.default_rng([tasks, round(100 * margin), round(100 * loss), kind == "some"])
        found = [check(random, *truth(random, tasks, kind, loss), margin) for _ in range(CHECKS)]
        share = {a: sum(x == a for x, _ in found) / CHECKS for a in ("pass", "regressed", "undecided")}
        spent = [n for x, n in found if x != "undecided"]
        soon = sum(n <= SMALL for n in spent) / CHECKS
        median, most = (np.quantile(spent, q) if spent else np.nan for q in (0.5, 0.8))
        print(
            f"{kind:10} {tasks:2} tasks, margin {margin:g}, {name:13}: pass {share['pass']:.3f} regressed"
            f" {share['regressed']:.3f} undecided {share['undecided']:.3f}; pairs to decide {median:.0f}, 80 % {most:.0f};"
            f" decided within {SMALL} {soon:.3f}"
        )
        if loss >= margin:
            assert share["pass"] <= ALPHA + NOISE  # a miss
        if loss <= margin:
            assert share["regressed"] <= ALPHA + NOISE  # a false alarm
        if loss == 0 and margin == 0.2:
            assert share["pass"] > 0.9  # it is of use


@pytest.mark.timeout(900)
@pytest.mark.parametrize("spread", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("tasks", [8, 16, 40])
def test_ceilings_are_wrong_as_seldom_as_they_say(tasks, spread):
    """At the ceiling either answer is wrong half of the time at most alpha; long tails (a spread of 1 on the log scale)."""
    random = np.random.default_rng([tasks, round(10 * spread)])
    for name, judge in (("mean", judge_ratio), ("typical", judge_typical)):
        answers = {"equal": [], "fifth": []}
        for _ in range(CHECKS):
            size = (320 // tasks, tasks)
            level = np.exp(random.normal(0, 0.8, tasks))
            theirs, ours = (np.exp(random.normal(0, spread, size)) * level for _ in range(2))
            pair = theirs.ravel(), ours.ravel()
            answers["equal"].append(judge(pair, 1.0, ALPHA, block=tasks).answer)
            answers["fifth"].append(judge(pair, 1.2, ALPHA, block=tasks).answer)
        wrong = {a: answers["equal"].count(a) / CHECKS for a in ("pass", "regressed")}
        held = answers["fifth"].count("pass") / CHECKS
        print(
            f"ceiling, {name:7} {tasks:2} tasks, spread {spread}: at it pass {wrong['pass']:.3f}, regressed"
            f" {wrong['regressed']:.3f}; equal under +20 %: pass {held:.3f}"
        )
        assert max(wrong.values()) <= ALPHA + NOISE
