"""The verb `cost`: what solved tasks cost, and whether a machine of one's own is cheaper than tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from llmsweep.errors import UsageError, nearest

HELP = """usage: llmsweep cost show DIR [host=H] [cloud=DIR] [key=value ...]
       llmsweep cost curve local=DIR cloud=DIR host=H [key=value ...] [out=DIR]
       llmsweep cost cascade local=DIR frontier=DIR k=1..3 [key=value ...]

What attempts cost, from logs (or CSV files of others) and dated prices; nothing is run or stored in a log.

  show                  every cell: dollars an attempt, a solved task, a task with people; with cloud=, the verdict
  curve                 both sides against tasks a month, naive and honest: curve.png, curve.csv, tornado.png
  cascade               first local, then the frontier model: see llmsweep cost cascade --help

  local=, cloud=        a results folder of one model, or a CSV file: task, cell, solved, cost, tokens, seconds
  host=H                the machine, a file of conf/host/; host.KEY=VALUE and host.cost.KEY=VALUE change it
  local.cell=, cloud.cell=     which cell (id or name); default: the recommended one, else the baseline
  cloud.price=V/MODEL   the price of its tokens; default: the sweep's own model.price
  date=2026-11-01       the day whose prices count; default: today
  basis=list_no_cache   price all input in full; default: with the cache where every attempt reports it
  tasks=N               your tasks a month
  review=5 fix=40       dollars: a person reads an accepted result; does a task that no attempt did
  damage=N verifier=0   dollars: a wrong result that was accepted (default: as a fix); a check of an attempt
  accept_right=1 accept_wrong=0    what the verifier accepts of right and of wrong attempts
  range.INPUT=LOW..HIGH an input's doubt in the tornado
  assume='...'          why figures may stand where they were not measured; it is printed on the picture
  draws=10000 seed=0    of the bootstrap
  --config-dir DIR      prices/ and host/ of your own
"""


def run(args: Sequence[str]) -> int:
    if not args or args[0] in ("-h", "--help"):
        print(HELP, end="")
        return 0
    verb, rest = args[0], args[1:]
    if verb == "cascade":
        code: int = import_module("llmsweep.cli.cascade").run(rest)
        return code
    if verb not in ("show", "curve"):
        raise UsageError(f"cost {verb}: there is no such verb; {nearest(verb, ('show', 'curve', 'cascade'))}")
    if "-h" in rest or "--help" in rest:
        print(HELP, end="")
        return 0
    from llmsweep.cli.cost_curve import curve
    from llmsweep.cli.cost_shown import show

    carry_out: Callable[[Sequence[str]], int] = curve if verb == "curve" else show
    return carry_out(rest)
