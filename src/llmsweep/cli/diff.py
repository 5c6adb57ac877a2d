"""The verb `diff`: two recorded cells task by task, with the check's answer and the differences of tokens, seconds and TTFT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llmsweep.errors import UsageError

HELP = """usage: llmsweep diff A B [key=value ...]

Which tasks flipped between two recorded results: A is the baseline, B the candidate, paired by task and repeat. Nothing
runs. Then the answer that llmsweep check would give, and the differences of tokens, seconds and TTFT.

  A, B                  results folders; baseline.cell= and candidate.cell= name a cell: recommended, baseline, an ID, or
                        temperature=0.4 (default: the only one, else the recommended one, else the sweep's baseline)
  margin=0.1 alpha=0.05 as of llmsweep check
  --json                print what check.json would hold, and the differences

Exit codes: 0 whatever the answer is, 2 usage.
"""
KEYS = ("margin", "alpha")


def run(args: Sequence[str]) -> int:
    if not args or "-h" in args or "--help" in args:
        print(HELP, end="")
        return 0
    from llmsweep.cli.check_read import recorded
    from llmsweep.cli.check_words import SIDES, parse
    from llmsweep.cli.diff_shown import show_diff

    settings = [word for word in args if "=" in word]
    flags = [word for word in args if word[:1] == "-" and "=" not in word]
    folders = [word for word in args if word not in settings and word not in flags]
    if any(flag != "--json" for flag in flags):
        raise UsageError(f"{next(f for f in flags if f != '--json')}: diff knows only --json.")
    if len(folders) != 2:
        raise UsageError(
            f"diff takes two results folders, A and B, and was given {len(folders)}: llmsweep diff results/old results/new"
        )
    sides = [f"{side}={folder}" for side, folder in zip(SIDES, folders, strict=True)]
    asked = parse([*sides, *settings], "diff", (*SIDES, *KEYS))
    report, comparing, ours = recorded(asked)
    show_diff(replace(report, owed=""), comparing, ours, as_json="--json" in flags)
    return 0
