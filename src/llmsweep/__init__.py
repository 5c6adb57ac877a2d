"""Benchmarking and tuning for language models that work as coding agents.

`load(DIR)` reads a recorded sweep into pandas frames, `columns(FRAME)` says what is in them, `plots` draws them. Nothing
heavy is imported before one of these is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmsweep import plots as plots
    from llmsweep.analysis.costs.handling import Handling as Handling
    from llmsweep.analysis.costs.machine import Machine as Machine
    from llmsweep.analysis.recommend import Recommendation as Recommendation
    from llmsweep.api.columns import columns as columns
    from llmsweep.api.comparing import Comparison as Comparison
    from llmsweep.api.comparing import compare as compare
    from llmsweep.api.money import LocalOrCloud as LocalOrCloud
    from llmsweep.api.money import Stated as Stated
    from llmsweep.api.money import costs as costs
    from llmsweep.api.money import local_or_cloud as local_or_cloud
    from llmsweep.api.recorded import Sweep as Sweep
    from llmsweep.api.recorded import load as load
    from llmsweep.api.recorded import load_all as load_all
    from llmsweep.errors import LlmsweepError as LlmsweepError
    from llmsweep.prices import Price as Price

__version__ = "0.1.0"

_HOMES = {
    "load": "api.recorded",
    "load_all": "api.recorded",
    "Sweep": "api.recorded",
    "Recommendation": "analysis.recommend",
    "columns": "api.columns",
    "compare": "api.comparing",
    "Comparison": "api.comparing",
    "costs": "api.money",
    "local_or_cloud": "api.money",
    "LocalOrCloud": "api.money",
    "Stated": "api.money",
    "Machine": "analysis.costs.machine",
    "Handling": "analysis.costs.handling",
    "Price": "prices",
    "LlmsweepError": "errors",
}
"""Public name -> the module that has it, imported when the name is first used."""

__all__ = ["__version__", "plots", *_HOMES]  # the names are those keys


def __getattr__(name: str) -> Any:
    if name == "plots":
        return import_module("llmsweep.plots")
    if name in _HOMES:
        return getattr(import_module(f"llmsweep.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'llmsweep' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
