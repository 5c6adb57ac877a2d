"""The study of a search as a file that optuna-dashboard opens: a view of the log, written anew each time and never read back.

It is one of Optuna's journal files: 500 trials take 3 seconds, where SQLite takes 30 and brings a database library.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmsweep.store import Table
from llmsweep.sweep.optuna_search import Search
from llmsweep.sweep.optuna_study import DIRECTIONS, hushed, shown
from llmsweep.sweep.optuna_trials import Tried

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

STUDY = "study.log"
METRICS = {"pass_rate": "pass rate", "cost": "tokens", "seconds": "seconds"}


def write_study(path: Path, search: Search, table: Table, *, name: str) -> int:
    """Write the trials of ``table`` into a journal file at ``path``, as a study called ``name``. How many there are.

    A file that is there is replaced, at once and only when the new one is whole. `optuna-dashboard PATH` shows it, and
    `JournalStorage(JournalFileBackend(PATH))` gives `optuna.load_study` its storage. States: COMPLETE; PRUNED, cut short by
    the pruner; FAIL, a cell that cannot be asked for; RUNNING, not all its episodes are in. A trial's value is its pass
    rate, without the share of the cost that tells equal ones apart. User attributes: ``cell``, ``pass_rate``,
    ``episodes``, ``tokens`` and ``seconds`` (means of an episode), ``repeat_of`` (the trial of the same cell), ``why``
    (a cell is refused), ``finalist``. The study's attribute ``tasks`` names the task of each step.
    """
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    replay = search.replay(table)
    fresh = path.with_suffix(".tmp")
    fresh.unlink(missing_ok=True)
    trials = [one for one in replay.tried if one.trial is not None]
    finalists = replay.finalists if replay.ended else ()
    numbers = {id(one): number for number, one in enumerate(trials)}
    with hushed():
        study = optuna.create_study(
            storage=JournalStorage(JournalFileBackend(str(fresh))),
            study_name=name,
            directions=[DIRECTIONS[objective] for objective in search.plan.objectives],
        )
        study.set_metric_names([METRICS[objective] for objective in search.plan.objectives])
        for key, value in _about(search).items():
            study.set_user_attr(key, value)
        study.set_user_attr("tasks", [task.id for task in replay.tasks])
        for one in trials:
            attributes = _attributes(one, finalist=one.cell in finalists)
            if one.same_as is not None:
                attributes["repeat_of"] = numbers.get(id(one.same_as))
            study.add_trial(_frozen(search, one, attributes))
    fresh.replace(path)
    return len(trials)


def _about(search: Search) -> dict[str, Any]:
    plan, baseline = search.plan, search.design.baseline
    return {
        "model": baseline.model,
        "baseline": baseline.id,
        "sampler": plan.sampler,
        "seed": search.design.seed,
    }


def _attributes(one: Tried, *, finalist: bool) -> dict[str, Any]:
    attributes: dict[str, Any] = {"cell": one.cell.id}
    if one.why is not None:
        attributes["why"] = one.why
    measured = one.same_as or one
    if measured.rows:
        attributes |= {
            "pass_rate": measured.rate,
            "episodes": len(measured.rows),
            "tokens": measured.tokens,
            "seconds": measured.seconds,
        }
    if finalist:
        attributes["finalist"] = True
    return attributes


def _frozen(search: Search, one: Tried, attributes: Mapping[str, Any]) -> FrozenTrial:
    """The trial as it is shown: its parameters are its cell's, which rounds them."""
    from optuna.trial import TrialState, create_trial

    assert one.trial is not None
    measured = one.same_as or one
    states = {
        "running": TrialState.RUNNING,
        "complete": TrialState.COMPLETE,
        "pruned": TrialState.PRUNED,
        "refused": TrialState.FAIL,
    }
    state = states[measured.state]
    complete = state == TrialState.COMPLETE
    values = [measured.rate] if search.plan.single else list(measured.values)
    return create_trial(
        state=state,
        values=values if complete else None,
        params=shown(one.cell, one.trial.params),
        distributions=one.trial.distributions,
        user_attrs=dict(attributes),
        intermediate_values=dict(enumerate(measured.rates)) if search.plan.single else {},
    )
