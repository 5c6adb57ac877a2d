"""Every statistic in one place: plain functions of arrays whose tasks, never whose episodes, are the sample.

The estimand everywhere is the mean over tasks of each task's pass rate, for tasks like those of the suite; `sequential`
alone is about the suite's own tasks. Rates are arrays with one value a task, NaN where a cell has no scored episode of it.
"""

from llmsweep.analysis.stats.checks import (
    Answer,
    Judged,
    judge_rate,
    judge_ratio,
    judge_typical,
    pairs_needed,
)
from llmsweep.analysis.stats.differences import Difference, holm, paired_difference
from llmsweep.analysis.stats.faults import Uneven, uneven_faults
from llmsweep.analysis.stats.interval import DRAWS, LEVEL, Floats, Interval, Ints
from llmsweep.analysis.stats.power import Needed, more_needed, tasks_needed
from llmsweep.analysis.stats.rates import SPARSE, mean_rate, rate_interval, wilson
from llmsweep.analysis.stats.repeats import OfK, pass_at_k, pass_hat_k
from llmsweep.analysis.stats.sequential import Sequential, lower_bound, noninferiority, upper_bound
from llmsweep.analysis.stats.simultaneous import COMPARABLE, against_baseline
from llmsweep.analysis.stats.spreads import Spread, spread
from llmsweep.analysis.stats.student import mean_interval, student_p, student_quantile
from llmsweep.analysis.stats.ties import tie_group
from llmsweep.analysis.stats.variance import VarianceSplit, variance_components, variance_split

__all__ = [
    "COMPARABLE",
    "DRAWS",
    "LEVEL",
    "SPARSE",
    "Answer",
    "Difference",
    "Floats",
    "Interval",
    "Ints",
    "Judged",
    "Needed",
    "OfK",
    "Sequential",
    "Spread",
    "Uneven",
    "VarianceSplit",
    "against_baseline",
    "holm",
    "judge_rate",
    "judge_ratio",
    "judge_typical",
    "lower_bound",
    "mean_interval",
    "mean_rate",
    "more_needed",
    "noninferiority",
    "paired_difference",
    "pairs_needed",
    "pass_at_k",
    "pass_hat_k",
    "rate_interval",
    "spread",
    "student_p",
    "student_quantile",
    "tasks_needed",
    "tie_group",
    "uneven_faults",
    "upper_bound",
    "variance_components",
    "variance_split",
    "wilson",
]
