"""`cost cascade`: first a local model, then a frontier one, from two recorded sweeps over the same tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmsweep.cli.cascade_words import Asking, parse
from llmsweep.errors import UsageError

if TYPE_CHECKING:
    from llmsweep.analysis.cascades import Asked
    from llmsweep.cli.cascade_sides import Sides

HELP = """usage: llmsweep cost cascade local=DIR frontier=DIR [k=1..3] [key=value ...] [out=DIR]

What it costs and solves to try a local model first and hand over what a verifier rejects, from two recorded sweeps over
the same tasks, computed task by task; and what independent outcomes would have claimed beside it. Nothing is run.

  local=, frontier=     a results folder of one model, or a CSV file: task, cell, solved, cost, tokens, seconds
  local.cell=, frontier.cell=  which cell (id or name); default: the recommended one, else the baseline
  k=1..3                local tries before the handover
  accept_right=0.75..1  s, the share of right tries that the verifier accepts: a share, or a range
  accept_wrong=0.05..0.25      a, likewise of wrong tries
  accept=check          measure both: the tasks' visible check, as the local sweep recorded it
  handoff=N             what a handover costs; default: the transcript, read uncached at the frontier's price
  unit=dollars          or tokens, seconds: as measured, for models without prices
  host=H tasks=N        the machine that serves the local model, a file of conf/host/, and your tasks a month
  local.price=, frontier.price=V/MODEL   prices of tokens; default: the sweep's own model.price
  review=5 fix=40 damage=N verifier=0    dollars, as in llmsweep cost
  basis= date= assume= host.KEY= --config-dir DIR   as in llmsweep cost
  draws=10000 seed=0    of the bootstrap over tasks
  out=DIR               write cascade.csv and cascade.png there
"""


def run(args: Sequence[str]) -> int:
    if not args or "-h" in args or "--help" in args:
        print(HELP, end="")
        return 0
    asking = parse(args)
    from llmsweep.analysis.cascades import study
    from llmsweep.cli.cascade_shown import show, write
    from llmsweep.cli.cascade_sides import sides

    of = sides(asking)
    try:
        found = study(of.pair, _asked(asking, of))
    except ValueError as e:
        raise UsageError(f"{e}.") from e
    show(found, of, asking.unit)
    if asking.out is not None:
        write(asking.out, found, of, asking.unit, asking.costs.assume)
    return 0


def _asked(asking: Asking, of: Sides) -> Asked:
    from llmsweep.analysis.cascades import Asked, Band
    from llmsweep.analysis.costs.handling import Handling

    bands = {key: Band(*ends) for key, ends in asking.bands.items()}
    if of.verifier is not None:
        bands = {"accept_right": of.verifier.right, "accept_wrong": of.verifier.wrong}
    return Asked(
        ks=asking.ks,
        handling=Handling(**asking.costs.handling),
        draws=asking.costs.whole["draws"],
        seed=asking.costs.whole["seed"],
        **bands,
    )
