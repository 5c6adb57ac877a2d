"""What recorded attempts cost, and one's own machine against the cloud, by the same functions as `llmsweep cost`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from llmsweep.analysis.costs.attempts import Attempts
from llmsweep.analysis.costs.cells import Month, costs_table
from llmsweep.analysis.costs.curve import curve_table
from llmsweep.analysis.costs.described import machine_lines, people_line, side_line
from llmsweep.analysis.costs.handling import Handling
from llmsweep.analysis.costs.imported import read_csv
from llmsweep.analysis.costs.ledger import read_log
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.scene import Scene, compare, fixed_side
from llmsweep.analysis.costs.strangers import LOCAL, refuse_strangers
from llmsweep.analysis.costs.verdict import Verdict, verdict
from llmsweep.analysis.wording import plural
from llmsweep.api.columns import typed
from llmsweep.api.recorded import Sweep
from llmsweep.errors import UsageError, nearest
from llmsweep.prices import Price, listed, listed_ids

Recorded = Sweep | str | PathLike[str]
"""A loaded sweep, or a CSV file of attempts that somebody else measured (see docs/costs.md)."""


class Stated(NamedTuple):
    """Means that somebody states, instead of a record: the share ``solved``, and ``seconds`` of a machine's time or
    ``dollars`` of an attempt. A worked example is made of these; its answer has no interval.
    """

    solved: float
    seconds: float = 0.0
    dollars: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalOrCloud:
    """``curve``: dollars against tasks a month, columns("curve"); ``rests``: a sentence for each thing it rests on."""

    scene: Scene
    verdict: Verdict
    curve: pd.DataFrame
    rests: tuple[str, ...]


def costs(
    sweep: Recorded,
    *,
    machine: Machine | None = None,
    tasks_month: float | None = None,
    price: Price | str | None = None,
    people: Handling | None = None,
) -> pd.DataFrame:
    """What each cell costs, one row a cell, the baseline first: columns("costs").

    Either on a ``machine`` that does ``tasks_month`` tasks a month, or by a ``price`` of tokens: a `Price`, or
    vendor/model of the list that comes along. Raises UsageError for neither, both, or what is not known.
    """
    if (machine is None) == (price is None):
        raise UsageError("costs: give either machine=Machine(...) or price='vendor/model'.")
    attempts, handling = _attempts(sweep), people or Handling()
    if machine is None:
        assert price is not None
        return typed(costs_table(attempts.priced(price_of(price)), handling), "costs")
    if tasks_month is None or not tasks_month > 0:
        raise UsageError(
            f"costs: tasks_month={tasks_month}: say how many tasks a month share the machine's fixed costs."
        )
    return typed(costs_table(attempts, handling, Month(machine, tasks_month)), "costs")


def local_or_cloud(
    local: Recorded | Stated,
    cloud: Recorded | Stated,
    machine: Machine,
    *,
    price: Price | str | None = None,
    people: Handling | None = None,
    tasks: float | None = None,
    assume: str | None = None,
) -> LocalOrCloud:
    """Compare the recommended cell of each record on the tasks they share, paired; or two `Stated` sides.

    ``price``: of the cloud's tokens; ``people``: what a review and a fix cost; ``tasks``: how many a month you have;
    ``assume``: why a pass rate may stand where it was not measured. Raises UsageError as `llmsweep cost curve` does.
    """
    handling = people or Handling()
    if isinstance(local, Stated) != isinstance(cloud, Stated):
        raise UsageError(
            "local_or_cloud: a stated side has no tasks to pair with; give two records or two Stated."
        )
    if isinstance(local, Stated) and isinstance(cloud, Stated):
        ours = fixed_side(local.solved, seconds=local.seconds, joules=machine.added(local.seconds))
        theirs = fixed_side(cloud.solved, dollars=cloud.dollars)
        scene = Scene(machine=machine, handling=handling, local=ours, cloud=theirs)
        rests = ["both sides are stated, not measured by us", people_line(handling)]
    else:
        assert not isinstance(local, Stated)
        assert not isinstance(cloud, Stated)
        scene, rests = _measured(_one(local), _priced(_one(cloud), price), machine, handling, assume)
    return LocalOrCloud(
        scene=scene,
        verdict=verdict(scene, tasks),
        curve=typed(curve_table(scene, tasks), "curve"),
        rests=tuple(rests),
    )


def price_of(price: Price | str) -> Price:
    """Today's of ``vendor/model`` by the dated list that is installed. Raises UsageError for one that it has not."""
    if isinstance(price, Price):
        return price
    today: date = datetime.now(UTC).date()
    found = listed(price, today)
    if found is None:
        raise UsageError(
            f"price={price!r}: no price list has it, and an unknown price is never 0; {nearest(price, listed_ids())}"
        )
    return found


def _measured(
    local: Attempts, cloud: Attempts, machine: Machine, handling: Handling, assume: str | None
) -> tuple[Scene, list[str]]:
    lent = refuse_strangers(local, cloud, machine, assume)
    scene, joint = compare(local, cloud, machine, handling)
    return scene, [
        f"{plural(joint.tasks, 'common task')}, paired",
        side_line("local", local, scene, "see sweep.recommendation"),
        side_line("cloud", cloud, scene, "see sweep.recommendation"),
        *machine_lines(local, scene),
        people_line(handling),
        *(f"taken for granted: {what}" for what in lent),
        *([f"assumed, not measured: {assume}"] if assume else []),
    ]


def _attempts(record: Recorded) -> Attempts:
    if isinstance(record, Sweep):
        if record.manifest.policy is not None:
            raise UsageError(
                f"{record.folder}: its episodes are the work of two models (policy=tiered); `llmsweep cost show` prices both."
            )
        mine = set(record.episodes["provider"].unique()) <= set(LOCAL)
        return read_log(record.folder, "local" if mine else None)
    path = Path(record).expanduser()
    if not path.is_file():
        raise UsageError(f"{record}: there is no such file; give a loaded sweep, or a CSV file of attempts.")
    return read_csv(path)


def _one(record: Recorded) -> Attempts:
    """Of the recommended cell, or of a file's only one."""
    attempts = _attempts(record)
    if isinstance(record, Sweep):
        return attempts.of(record.recommendation.cell_id)
    if len(attempts.cells) > 1:
        raise UsageError(f"{record}: it has {len(attempts.cells)} cells; keep the rows of one.")
    return attempts


def _priced(cloud: Attempts, price: Price | str | None) -> Attempts:
    if price is not None:
        return cloud.priced(price_of(price))
    if not (cloud.dollars > 0).any():
        raise UsageError(
            f"cloud={cloud.origin}: nobody says what its attempts cost; give price='vendor/model'."
        )
    return replace(cloud)
