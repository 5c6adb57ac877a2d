"""A tool, and what can be said about it without a shed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    code: str
    name: str
    power: bool = False
    outdoor: bool = False
    retired: bool = False


def check_outdoor(tool, winter):
    """Whether the tool may go out in this season: what lives outside must dry in winter."""
    return not (tool.outdoor and winter)


def from_dict(data):
    """A tool from a state file; flags that are missing are off."""
    flags = {flag: bool(data.get(flag)) for flag in ("power", "outdoor", "retired")}
    return Tool(data["code"], data["name"], **flags)


def to_dict(tool):
    """The shortest dictionary that from_dict reads."""
    flags = {flag: True for flag in ("power", "outdoor", "retired") if getattr(tool, flag)}
    return {"code": tool.code, "name": tool.name, **flags}
