"""The verb `doctor`: what is missing or unsafe here, one line each, with the fix."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from llmsweep.errors import LlmsweepError
from llmsweep.local.doctor import Check, judged, machine_checks

if TYPE_CHECKING:
    from omegaconf import DictConfig

USAGE = """\
usage: llmsweep doctor [--json]                         this machine
       llmsweep doctor [--json] model=NAME [key=value]  and whether a sweep with these words would run

ok, info, warn (a sweep runs, but its figures may suffer), fail (it would not run: exit code 3)
"""
_STYLES = {"ok": "green", "info": "dim", "warn": "yellow", "fail": "bold red"}


def run(args: Sequence[str]) -> int:
    """Check this machine, and with model=NAME whether its sweep would run. 3 when something fails."""
    words = [word for word in args if word != "--json"]
    if any(word in ("-h", "--help") for word in words):
        print(USAGE, end="")
        return 0
    checks = _sweep_checks(words) if words else [_sandbox()]
    if not checks:
        return 2  # the words were wrong, and that is told already
    checks += machine_checks()
    _print_json(checks) if "--json" in args else _print(checks)
    return 3 if any(check.state == "fail" for check in checks) else 0


def _sandbox() -> Check:
    from llmsweep.sandbox.bubblewrap import Bubblewrap

    return judged("sandbox", "bubblewrap works here", Bubblewrap().check)


def _sweep_checks(words: Sequence[str]) -> list[Check]:
    """Whether a sweep with these words could begin: all but its first request. Empty when the words were wrong."""
    from llmsweep.cli.sweep import each_model

    checks: list[Check] = []

    def look(cfg: DictConfig) -> int:
        from llmsweep.cli.build import build

        try:
            sweep = build(cfg)
        except LlmsweepError as e:
            if e.exit_code == 2:
                raise
            said, _, fix = str(e).partition("; ")
            checks.append(Check(name="model", state="fail", said=said, fix=fix))
            return 0
        model, provider = sweep.model.name, sweep.provider
        revision = sweep.baseline.revision[:24]
        checks.append(
            Check(name="model", state="ok", said=f"{model} is there: {provider.name}, revision {revision}")
        )
        checks.extend(Check(name="model", state="info", said=note) for note in sweep.notes)
        checks.append(judged("sandbox", f"{sweep.sandbox.name} works here", sweep.sandbox.check))
        return 0

    each_model(words, look)
    return checks


def _print_json(checks: Sequence[Check]) -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode([asdict(c) for c in checks])) + b"\n")


def _print(checks: Sequence[Check]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(no_color=bool(os.environ.get("NO_COLOR")))
    width = max(len(check.name) for check in checks)
    for check in checks:
        line = Text.assemble(
            (f"{check.state:<5}", _STYLES[check.state]), f"{check.name:<{width}}  {check.said}"
        )
        if check.fix:
            line.append(f"  -> {check.fix}", "bold" if check.state == "fail" else "")
        console.print(line, soft_wrap=True)
