"""The verb `doctor`: what is missing or unsafe here, one line each, with the fix."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from llmsweep.errors import LlmsweepError, SandboxError, UnfitError, UsageError, boundary
from llmsweep.local.doctor import Check, failed, judged, machine_checks, room
from llmsweep.local.neighbours import Wish, neighbours
from llmsweep.paths import conf_dir
from llmsweep.types import Task, Verifier

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from llmsweep.sandbox.base import SandboxFactory

USAGE = """\
usage: llmsweep doctor [--json] [key=value ...]              this machine
       llmsweep doctor [--json] model=NAME [key=value ...]   and whether a sweep with these words would run

ok, info, warn (a sweep runs, but its figures may suffer), fail (it would not run: exit code 3)
"""
_STYLES = {"ok": "green", "info": "dim", "warn": "yellow", "fail": "bold red"}
_TRIVIAL_S = 20.0


def run(args: Sequence[str]) -> int:
    """Check this machine, and with model=NAME whether its sweep would run. 3 when something fails."""
    from llmsweep.cli.sweep import each_model

    words = [word for word in args if word != "--json"]
    if any(word in ("-h", "--help") for word in words):
        print(USAGE, end="")
        return 0
    checks: list[Check] = []

    def look(cfg: DictConfig) -> int:
        checks.extend(_sweep_checks(cfg))
        return 0

    code = each_model(words, look)
    if not checks:
        return code  # the words were wrong, and that is told already
    checks += [*machine_checks(), *_keys()]
    _print_json(checks) if "--json" in args else _print(checks)
    return max(code, 3 if any(check.state == "fail" for check in checks) else 0)


def _sweep_checks(cfg: DictConfig) -> Iterator[Check]:
    """Whether a sweep could begin: all but its first request. Raises UsageError for wrong words."""
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    from llmsweep.cli.words import refuse_unknown

    refuse_unknown(cfg)
    wish = None
    if not OmegaConf.is_missing(cfg.model, "name"):
        model, wish = _model(cfg)
        yield from model
    sandbox: SandboxFactory = instantiate(cfg.sandbox)
    yield judged("sandbox", f"{sandbox.name} works here", lambda: _run_true(sandbox))
    yield room("results", Path(str(cfg.results)), "set results=DIR to another folder")
    yield _embedded(needed=str(cfg.provider.get("_target_")).endswith(".LlamaCpp") and wish is not None)
    yield from neighbours(wish)


def _model(cfg: DictConfig) -> tuple[list[Check], Wish]:
    """What `build` says of a sweep with these words, and what it would want of its machine."""
    from llmsweep.cli.build import build

    try:
        sweep = build(cfg)
    except UsageError:
        raise
    except LlmsweepError as e:
        return [failed("model", e)], Wish(address=None)
    provider, revision = sweep.provider, sweep.baseline.revision[:24]
    said = f"{sweep.model.name} is there: {provider.name}, revision {revision}"
    notes = [Check(name="model", state="info", said=note) for note in sweep.notes]
    wish = Wish(
        address=provider.address,
        model=sweep.model.id,
        slots=provider.slots,
        exclusive=sweep.exclusive,
        others=sweep.others,
    )
    return [Check(name="model", state="ok", said=said), *notes], wish


def _run_true(sandbox: SandboxFactory) -> None:
    """Raises UnfitError or SandboxError when the most trivial command does not work in a workspace."""
    sandbox.check()
    if sandbox.name == "docker":
        return  # a container needs a task's image, and none is pulled to find out
    with (
        boundary(SandboxError, f"the {sandbox.name} sandbox"),
        tempfile.TemporaryDirectory(prefix="llmsweep-doctor-") as empty,
    ):
        nothing = Path(empty)
        verifier = Verifier(tests=nothing, timeout_s=_TRIVIAL_S)
        task = Task(id="doctor", prompt="", digest="", environment=nothing, verifier=verifier)
        with sandbox.open(task) as opened:
            seen = opened.run("true", _TRIVIAL_S)
    if not seen.ok:
        raise UnfitError(f"`true` ended with {seen.exit_code} in the {sandbox.name} sandbox: {seen.output}")


def _embedded(*, needed: bool) -> Check:
    if importlib.util.find_spec("xllamacpp") is not None:
        return Check(name="llama.cpp", state="ok", said="the embedded one is installed")
    said, fix = "the embedded one is not installed", "pip install 'llmsweep[llamacpp]'"
    return Check(name="llama.cpp", state="fail" if needed else "info", said=said, fix=fix)


def _keys() -> Iterator[Check]:
    """Which keys of our cloud providers are set; their values are nobody's business."""
    from omegaconf import OmegaConf

    files = [OmegaConf.load(path) for path in sorted((conf_dir() / "provider").glob("*.yaml"))]
    for name in dict.fromkeys(name for file in files if (name := OmegaConf.select(file, "api_key_env"))):
        said = f"{name} is {'set' if os.environ.get(name) else 'not set'}"
        yield Check(name="keys", state="info", said=said)


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
