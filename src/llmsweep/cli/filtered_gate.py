"""The filter of policy=filtered, opened from the folder of the run that tuned it: what asks, with which cell, by which rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
from omegaconf import DictConfig, OmegaConf

from llmsweep.cli.build import Sweep
from llmsweep.cli.filter_build import FilterRun, build_filter
from llmsweep.cli.serving import bind_weights
from llmsweep.config import SweepConfig
from llmsweep.errors import UsageError
from llmsweep.types import FRESH, Cell
from llmsweep.wake.ask import CallSpec
from llmsweep.wake.stream import Arrival

if TYPE_CHECKING:
    from llmsweep.analysis.wake.rules import Rule


class Gate(NamedTuple):
    """The filter that decides: what asks, with which cell, by which rule; ``config``: its own, host and price included."""

    run: FilterRun
    cell: Cell
    rule: Rule
    config: DictConfig

    def specs(self, arrival: Arrival) -> list[CallSpec]:
        """The calls of one decision, on seeds that tuned nothing."""
        harness = self.run.about().harnesses[self.cell.id]
        first = FRESH + arrival.asked * self.rule.calls
        return [
            CallSpec(trigger=arrival.trigger, cell=self.cell, repeat=first + at, harness=harness)
            for at in range(self.rule.calls)
        ]


def open_gate(sweep: Sweep, cfg: DictConfig) -> Gate:
    """The filter as it was chosen. Raises UsageError where its folder tells none, or what it was chosen with has changed."""
    from llmsweep.analysis.wake.rules import Rule

    if cfg.policy.filter is None:
        raise UsageError(
            "policy.filter is missing: say the folder that llmsweep filter wrote, such as results/wake/qwen."
        )
    folder = Path(cfg.policy.filter).expanduser()
    try:
        said = json.loads((folder / "report.json").read_bytes())
        saved = OmegaConf.load(folder / "config.yaml")
    except OSError as e:
        raise UsageError(
            f"policy.filter={folder}: {Path(e.filename).name} is not there; give the folder of one model that llmsweep"
            " filter wrote."
        ) from e
    theirs = cast(DictConfig, OmegaConf.merge(OmegaConf.structured(SweepConfig), saved))
    theirs.results = str(sweep.folder / "filter")
    try:
        run = build_filter(theirs)
    finally:
        bind_weights(cfg)
    cell = msgspec.convert(said["cell"], Cell)
    if cell not in run.cells:
        raise UsageError(
            f"policy.filter={folder}: it was chosen with {cell.model} {cell.revision[:20]}, prompt {cell.prompt}, which its"
            " configuration no longer gives; run llmsweep filter there again."
        )
    rule: dict[str, Any] = said["rule"]
    return Gate(run, cell, Rule(**rule), theirs)
