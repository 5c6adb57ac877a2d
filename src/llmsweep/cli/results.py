"""The verb `results`: the table and the recommendation again, from the log alone."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from llmsweep.store import find_logs


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep results", description="Look at results without running anything."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="print the table and the recommendation from the log alone")
    show.add_argument("dir", type=Path, help="a results folder, or one model's folder in it")
    show.add_argument("--write", action="store_true", help="write the plots and recommended/ again too")
    chosen = parser.parse_args(args)
    return max(conclude(folder, write=chosen.write, plots=chosen.write) for folder in find_logs(chosen.dir))


def conclude(folder: Path, *, write: bool, plots: bool) -> int:
    """Print one model's table and recommendation; with ``write`` put recommended/<model>.yaml and plots beside the log."""
    raise NotImplementedError
