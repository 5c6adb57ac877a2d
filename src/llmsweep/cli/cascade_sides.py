"""Two recorded sweeps as the outcomes that cascades are computed from: the same tasks, one cell each, one unit of cost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep import manifest
from llmsweep.cli.cascade_money import costs, handoff
from llmsweep.cli.cascade_words import Asking
from llmsweep.cli.cost_sides import open_side
from llmsweep.errors import UsageError
from llmsweep.store import read_episodes

if TYPE_CHECKING:
    from llmsweep.analysis.cascades import Pair, Verifier
    from llmsweep.analysis.costs.attempts import Attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """``about``: the two models and cells in one line; ``said``: what the figures rest on; ``verifier``: as measured, where that was asked
    for; ``notes``: what was assumed or
    left out, and what does not look right.
    """

    pair: Pair
    verifier: Verifier | None
    about: str
    said: tuple[str, ...]
    notes: tuple[str, ...]


def sides(asking: Asking) -> Sides:
    """Raises UsageError where the two have no task in common, or a cost is not known."""
    from llmsweep.analysis.cascades.sweeps import left_out, outcomes_of, pair_of
    from llmsweep.analysis.costs.scene import common_tasks

    local, why = open_side(asking.local, "local", asking.costs)
    frontier, why_too = open_side(asking.frontier, "frontier", asking.costs)
    _refuse_same(local, frontier)
    tasks = common_tasks(local, frontier)
    notes = [*left_out("local", local, tasks), *left_out("frontier", frontier, tasks)]
    if chosen := [
        name for name, reason in (("local", why), ("frontier", why_too)) if reason == "recommended"
    ]:
        notes.append(
            f"{' and '.join(chosen)}: the cell was chosen by the same episodes that give its rate here, which flatters it a"
            " little"
        )
    ours, theirs = costs(local, frontier, asking, notes)
    handed, of_handoff = handoff(local, frontier, asking)
    verifier = _verifier(local) if asking.checked else None
    return Sides(
        verifier=verifier,
        pair=pair_of(
            tasks,
            outcomes_of(local, tasks, ours.each, ours.standing),
            outcomes_of(frontier, tasks, theirs.each, theirs.standing),
            outcomes_of(local, tasks, handed),
            one_machine=ours.on_machine and theirs.on_machine,
        ),
        about=f"{_named(local)}, then {_named(frontier)}",
        said=(
            f"local: {_named(local)} ({why}), {ours.said}",
            f"frontier: {_named(frontier)} ({why_too}), {theirs.said}",
            of_handoff,
            *([] if verifier is None else [_of_verifier(verifier)]),
        ),
        notes=tuple(notes),
    )


def _named(side: Attempts) -> str:
    cell = next(iter(side.cells.values()))
    return side.model if cell == side.model else f"{side.model}, {cell}"


def _verifier(local: Attempts) -> Verifier:
    """The visible check by the local cell's log. Raises UsageError where it tells nothing."""
    from llmsweep.analysis.cascades import measured_verifier

    folder, cell = Path(local.origin), next(iter(local.cells))
    found = None
    if folder.is_dir():
        found = measured_verifier(manifest.read(folder).current(read_episodes(folder)), cell)
    if found is None:
        raise UsageError(
            f"accept=check: {folder} does not tell what the tasks' visible check accepts: no attempt of cell {cell} ran it"
            " (protocol whole_file does), or all passed, or all failed; give accept_right and accept_wrong."
        )
    return found


def _of_verifier(found: Verifier) -> str:
    from llmsweep.analysis.wording import percent, percent_range, plural

    return (
        f"verifier: the visible check, which accepted {percent(found.right.at)} of {plural(found.passed, 'local attempt')} that"
        f" passed ({percent_range(*found.right.ends)}) and {percent(found.wrong.at)} of {found.failed} that did not"
        f" ({percent_range(*found.wrong.ends)})"
    )


def _refuse_same(local: Attempts, frontier: Attempts) -> None:
    if local.origin == frontier.origin and local.cells.keys() == frontier.cells.keys():
        raise UsageError(
            f"local and frontier are both cell {next(iter(local.cells))} of {local.origin}: a cascade needs two; name"
            " another with frontier.cell=ID."
        )
