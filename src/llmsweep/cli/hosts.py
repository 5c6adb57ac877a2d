"""A host's money: conf/host/ and the user's own files, with what the command line changes, as a `Machine`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from llmsweep.errors import UsageError, nearest
from llmsweep.paths import conf_dir

if TYPE_CHECKING:
    from llmsweep.analysis.costs.machine import Machine
    from llmsweep.config import HostConfig

LAPTOP = {"watts": 60.0, "idle_watts": 10.0}
"""Of the host `local` where nobody gives them: a laptop at work, and with its lid open."""


def machine(
    name: str, changes: Mapping[str, str] | None = None, folders: Sequence[Path] = ()
) -> tuple[Machine, list[str]]:
    """The host's machine, and a sentence for each figure that was assumed.

    ``name``: a file of conf/host/ or of host/ in ``folders``; ``changes``: dotted key, without `host.`, -> text. Raises
    UsageError for names, keys and figures that mean nothing.
    """
    return charged(_config(name, changes or {}, folders), changes or {})


def charged(given: HostConfig, changes: Mapping[str, str]) -> tuple[Machine, list[str]]:
    """A host as configured, with the laptop's figures where it is this machine and nobody says; ``changes``: likewise."""
    from llmsweep.analysis.costs.machine import Machine

    name = given.name
    watts, idle, notes = given.watts, given.idle_watts, []
    if given.name == "local" and watts is None:
        watts = LAPTOP["watts"] if idle is None else max(LAPTOP["watts"], idle)
        notes.append(f"watts busy: {watts:g}, of a laptop (host.watts)")
    if given.name == "local" and idle is None:
        idle = min(LAPTOP["idle_watts"], watts or 0.0)
        notes.append(f"watts idle: {idle:g}, of a laptop (host.idle_watts)")
    mode = given.cost.mode or ("rent" if given.dollars_hour else "buy" if given.price_dollars else "owned")
    if mode != "rent" and (watts is None or idle is None):
        key = "watts" if watts is None else "idle_watts"
        raise UsageError(f"host={name}: nobody says how many watts it takes; give host.{key}=N.")
    said = _said(given, changes)
    cost: dict[str, Any] = {key: value for key, value in vars(given.cost).items() if key != "mode"}
    return (
        Machine(
            name=given.name,
            mode=cast(Any, mode),
            price=given.price_dollars or 0.0,
            dollars_hour=given.dollars_hour or 0.0,
            watts=watts or 0.0,
            idle_watts=idle or 0.0,
            **{**cost, **said},
        ),
        notes,
    )


def host_file(name: str, folders: Sequence[Path] = ()) -> Path:
    """The file of conf/host/ or of host/ in ``folders``; the last of that name wins. Raises UsageError where there is none."""
    known = {
        path.stem: path
        for folder in (conf_dir(), *folders)
        for path in sorted((folder / "host").glob("*.yaml"))
    }
    if name not in known:
        raise UsageError(f"host={name}: there is no such host; {nearest(name, known)}")
    return known[name]


def _said(given: HostConfig, changes: Mapping[str, str]) -> dict[str, str]:
    """Dates and sources; a figure of the command line has none but that."""
    said = {
        "date": str(given.price_date or ""),
        "source": str(given.price_source or ""),
        "kwh_date": given.cost.kwh_date,
        "kwh_source": given.cost.kwh_source,
    }
    for keys, date, source in (
        (("price_dollars", "dollars_hour"), "date", "source"),
        (("cost.kwh_dollars",), "kwh_date", "kwh_source"),
    ):
        if any(key in changes for key in keys):
            named = {
                "date": "price_date",
                "source": "price_source",
                "kwh_date": "cost.kwh_date",
                "kwh_source": "cost.kwh_source",
            }
            said[date] = changes.get(named[date], "")
            said[source] = changes.get(named[source], "as said on the command line")
    return said


def _config(name: str, changes: Mapping[str, str], folders: Sequence[Path]) -> HostConfig:
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from llmsweep.config import HostConfig

    path = host_file(name, folders)
    merged = OmegaConf.merge(OmegaConf.structured(HostConfig), OmegaConf.load(path))
    if "name" in changes:
        raise UsageError(
            f"host.name={changes['name']}: a host keeps its name; choose another with host=NAME."
        )
    for key, text in changes.items():
        try:
            merged = OmegaConf.merge(merged, OmegaConf.from_dotlist([f"{key}={text}"]))
        except OmegaConfBaseException as e:
            raise UsageError(_wrong(key, text)) from e
    return cast("HostConfig", OmegaConf.to_object(merged))


def _wrong(key: str, text: str) -> str:
    """Why a key of a host cannot be set so."""
    from dataclasses import fields

    from llmsweep.config import HostConfig, HostCostConfig

    keys = [f"host.{one.name}" for one in fields(HostConfig)]
    keys += [f"host.cost.{one.name}" for one in fields(HostCostConfig)]
    if f"host.{key}" not in keys:
        return f"host.{key}: there is no such key; {nearest(f'host.{key}', keys)}"
    return f"host.{key}={text}: it must be a number."
