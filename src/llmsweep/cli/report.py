"""The verb `report`: each model's results as one HTML file that needs nothing else; nothing is run or graded for it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from llmsweep.cli.progress import say
from llmsweep.cli.values import number
from llmsweep.cli.views import Views, views
from llmsweep.errors import UnfitError, UsageError
from llmsweep.store import find_logs

FILE = "report.html"
MEGABYTES = 15.0
LEAST = 0.5
"""Megabytes that a page without transcripts may take by itself."""


def run(args: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="llmsweep report",
        description="Write the results as one HTML file that opens anywhere, without network: from the log and what stands"
        " beside it. Nothing is run again or graded.",
    )
    parser.add_argument("dir", type=Path, help="a results folder, or one model's folder in it")
    parser.add_argument("--to", type=Path, metavar="FILE", help=f"write here (default: DIR/MODEL/{FILE})")
    parser.add_argument(
        "--megabytes",
        default=f"{MEGABYTES:g}",
        metavar="N",
        help="leave transcripts out beyond this size; those of the recommended cell and failures stay longest (default:"
        " %(default)s)",
    )
    chosen = parser.parse_args(args)
    most = number("--megabytes", chosen.megabytes)
    if most < LEAST:
        raise UsageError(
            f"--megabytes={chosen.megabytes}: it must be {LEAST:g} or more; the tables take that."
        )
    folders = find_logs(chosen.dir)
    if chosen.to is not None and len(folders) > 1:
        names = ", ".join(folder.name for folder in folders)
        raise UsageError(
            f"--to={chosen.to}: {chosen.dir} has several models ({names}); name the folder of one."
        )
    for folder in folders:
        found = views(folder, grade=0)
        if found is None:
            say(
                f"{folder}: no scored episode yet, so no report; the sweep's command goes on with it",
                always=True,
            )
        else:
            write_report(folder, found, chosen.to, most)
    return 0


def write_report(folder: Path, found: Views, to: Path | None = None, megabytes: float = MEGABYTES) -> None:
    """Write the page and say where it is. Raises UnfitError where it cannot be written."""
    from llmsweep.analysis.page import make_page
    from llmsweep.cli.report_sources import sources

    page = make_page(sources(folder, found), round(megabytes * 1_000_000))
    path = to or folder / FILE
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        temporary.write_text(page.html, encoding="utf-8")
        temporary.replace(path)
    except OSError as e:
        raise UnfitError(
            f"{path}: the report cannot be written ({e.strerror}); name another place with --to FILE."
        ) from e
    left = f"; {page.left_out:,} transcripts left out to keep it small" if page.left_out else ""
    say(f"report: {path} ({path.stat().st_size / 1e6:.2g} MB{left})")
