"""The verb `import`: what others measured, as a table that `replay` and `cost` read."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from llmsweep.cli.progress import say
from llmsweep.cli.values import number
from llmsweep.errors import UsageError


def run(args: Sequence[str]) -> int:
    from llmsweep.exports.inspect_read import TABLES, read_logs

    parser = argparse.ArgumentParser(
        prog="llmsweep import", description="Make a table of what other programs measured."
    )
    formats = parser.add_subparsers(dest="format", required=True)
    inspect = formats.add_parser("inspect", help="Inspect's logs: .eval files, or JSON")
    inspect.add_argument("file", type=Path, nargs="+", help="a log; several are put together")
    inspect.add_argument(
        "--table", choices=[*TABLES], default="replay", help="for which verb (default: %(default)s)"
    )
    inspect.add_argument("--scorer", metavar="NAME", help="whose verdict counts, where there are several")
    inspect.add_argument(
        "--pass-at", metavar="N", default="1", help="a score that is a number passes from N on (default: 1)"
    )
    inspect.add_argument("--out", type=Path, help="the CSV file to write; else standard output")
    chosen = parser.parse_args(args)
    found = read_logs(
        chosen.file,
        table=chosen.table,
        scorer=chosen.scorer,
        pass_at=number("--pass-at", chosen.pass_at),
    )
    text = io.StringIO()
    if chosen.table == "cost":
        text.write(f"# model: {found.model}\n# source: {', '.join(path.name for path in chosen.file)}\n")
    writer = csv.DictWriter(text, found.columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "passed": _switch(row), "solved": _switch(row)} for row in found.rows)
    if found.unscored:
        say(f"{found.unscored} samples without a verdict are left out", always=True)
    if chosen.out is None:
        sys.stdout.write(text.getvalue())
        return 0
    try:
        chosen.out.write_text(text.getvalue(), encoding="utf-8")
    except OSError as e:
        raise UsageError(f"--out {chosen.out}: cannot be written ({e.strerror}).") from e
    say(f"written: {chosen.out}, {len(found.rows)} attempts", always=True)
    return 0


def _switch(row: dict[str, object]) -> str:
    return "true" if row["passed"] else "false"
