"""The verb `check`: a candidate against a recorded baseline, episode by episode, until it passes, has regressed, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HELP = """usage: llmsweep check baseline=DIR candidate="model=NAME key=value ..." [key=value ...]
       llmsweep check baseline=DIR candidate=DIR [key=value ...]        both recorded: nothing runs

Runs the candidate on the baseline's own tasks and seeds, a pass over all tasks at a time, and stops as soon as the answer
is known: pass (a loss of more than the margin is ruled out), regressed (it is shown), or undecided (all passes are used).

  baseline=DIR          results folder of a sweep; baseline.cell=recommended|baseline|ID|temperature=0.4 names its cell
                        (default: the only one, else the recommended one, else the sweep's baseline)
  candidate=...         settings of a sweep with model=NAME; without model=, the baseline's cell with these changes; a YAML
                        file of settings, such as recommended/NAME.yaml; or a results folder (candidate.cell= as above)
  margin=0.1            the loss of pass rate that is allowed: 0.1 is 10 points
  alpha=0.05            how often each answer may be wrong
  tokens=1.2 ttft=1.5 cost=1.2     ceilings, each with a test of its own: at most so many times the baseline's
  baseline.price=, candidate.price=    VENDOR/MODEL, where their configurations name none (cost)
  changed=skip|refuse   what becomes of tasks that are no longer those of the baseline
  results=results/check where the candidate's episodes go; the same command goes on with them
  out=DIR               where check.json, check.md and junit.xml go; default: the results folder

Exit codes: 0 pass, 1 regressed, 4 undecided, 2 usage, 3 this environment is not fit, 130 interrupted. The Markdown goes to
$GITHUB_STEP_SUMMARY too where that is set, and the answer becomes an annotation where GITHUB_ACTIONS is.
"""


def run(args: Sequence[str]) -> int:
    """Run what is needed, then answer."""
    if not args or "-h" in args or "--help" in args:
        print(HELP, end="")
        return 0
    from llmsweep.cli.check_read import recorded
    from llmsweep.cli.check_run import run_candidate
    from llmsweep.cli.check_shown import tell
    from llmsweep.cli.check_words import parse

    asked = parse(args)
    if Path(asked.candidate).expanduser().is_dir():
        return tell(recorded(asked)[0], asked.out or asked.results)
    return run_candidate(asked)
