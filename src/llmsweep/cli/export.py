"""The verb `export`: a recommendation for the programs that use the model, or all attempts for those that read results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.cli.progress import say
from llmsweep.cli.views import Views, of
from llmsweep.errors import UnfitError, UsageError

if TYPE_CHECKING:
    from llmsweep.analysis.frame import Frame
    from llmsweep.exports.consumers import Exported

TABLES = ("csv", "parquet")
DESCRIPTION = """Write a recommendation in another program's words, or a log's attempts as a table or as Inspect's logs.

modelfile       Ollama's Modelfile                 litellm       config.yaml of LiteLLM's proxy
aider           .aider.model.settings.yml          continue      Continue's config.yaml
opencode        opencode.json                      llama-server  a command line
request         the body of one request            llmsweep      the config that a sweep takes again
inspect         .eval files, one a cell            csv, parquet  a row an episode
"""


def run(args: Sequence[str]) -> int:
    from llmsweep.exports.consumers import CONSUMERS

    parser = argparse.ArgumentParser(
        prog="llmsweep export",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=[*CONSUMERS, "llmsweep", "inspect", *TABLES], metavar="WHAT")
    parser.add_argument("dir", type=Path, help="a results folder of one model, or the model's folder in it")
    parser.add_argument(
        "--out",
        type=Path,
        help="the file to write (inspect: the folder); else standard output, or what is said",
    )
    chosen = parser.parse_args(args)
    found = of(chosen.dir)
    if chosen.what == "inspect":
        _inspect(found, chosen.out or found.folder / "inspect")
    elif chosen.what in TABLES:
        _table(found.data, chosen.what, chosen.out)
    else:
        _text(chosen.what, _exported(chosen.what, found), chosen.out)
    return 0


def _exported(what: str, found: Views) -> Exported:
    from llmsweep.analysis.report import recommendation_yaml
    from llmsweep.cli.export_served import shipped
    from llmsweep.exports.consumers import CONSUMERS, Exported

    if what == "llmsweep":
        return Exported(recommendation_yaml(found.recommendation, found.cell), [])
    return CONSUMERS[what].write(shipped(found))


def _text(what: str, exported: Exported, out: Path | None) -> None:
    """To a file or to standard output; what it cannot say always goes to standard error too."""
    if out is None:
        print(exported.text, end="")
    else:
        _to(out, exported.text)
    for sentence in exported.unsaid:
        say(f"not in {what}: {sentence}", always=True)


def _to(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as e:
        raise UsageError(f"--out {out}: cannot be written ({e.strerror}).") from e
    say(f"written: {out}", always=True)


def _table(data: Frame, what: str, out: Path | None) -> None:
    if what == "csv":
        text = data.to_csv(index=False)
        if out is None:
            sys.stdout.write(text)
        else:
            _to(out, text)
        return
    if out is None:
        raise UsageError("--out is missing: Parquet is no text; name a file, such as --out episodes.parquet.")
    try:
        data.to_parquet(out, index=False)
    except ImportError as e:
        raise UnfitError(
            "export parquet: pip install 'llmsweep[parquet]' brings pyarrow; export csv needs nothing."
        ) from e
    except OSError as e:
        raise UsageError(f"--out {out}: cannot be written ({e.strerror}).") from e
    say(f"written: {out}", always=True)


def _inspect(found: Views, out: Path) -> None:
    from llmsweep import environment
    from llmsweep.analysis.frame import counted
    from llmsweep.exports.inspect_write import write_evals
    from llmsweep.store import TRANSCRIPTS
    from llmsweep.types import FRESH

    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: it is a file; .eval files go into a folder.")
    episodes = [episode for episode, _ in counted(found.episodes) if episode.repeat < FRESH]
    if not (found.folder / TRANSCRIPTS).is_dir():
        say(f"note: {found.folder} has no {TRANSCRIPTS}/, so that the samples have no messages", always=True)
    rates = {str(cell): float(rate) for cell, rate in found.table["rate"].items()}
    about = {
        "suite": found.about.suite,
        "suite_version": found.about.suite_version,
        "version": environment.versions().get("llmsweep", ""),
    }
    written = write_evals(found.folder, episodes, rates, about, out)
    say(
        f"written: {len(written)} files in {out} (to look at them: inspect view --log-dir {out})", always=True
    )
