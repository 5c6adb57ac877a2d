"""The axes of a space as people write them: lists of values, or ranges such as {low: 0, high: 1.5}."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, cast, get_args, get_type_hints

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ValidationError

from llmsweep.config import BaselineConfig, SpaceConfig
from llmsweep.errors import UsageError, nearest
from llmsweep.sweep.space import Range, Space, check_level

SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
RANGE = ("low", "high", "step", "log")
OPEN = re.compile(r"policy\.frontier_(model|provider|baseline)(\.\w|=)")


def replacing(words: Sequence[str]) -> list[str]:
    """The same words, where a list or a range for an axis takes the place of the other; Hydra can only merge them.

    The frontier model's own settings are put into open mappings, for which Hydra wants plus signs.
    """
    axes = [f.name for f in fields(SpaceConfig)]
    found: list[str] = []
    for word in words:
        if (match := re.match(r"space\.(\w+)=[\[{]", word)) and match.group(1) in axes:
            # Hydra's multirun keeps the last of several words with one key, and counts the plus signs to the key.
            found.append(f"++space.{match.group(1)}=null")
        found.append(f"++{word}" if OPEN.match(word) else word)
    return found


def read_space(cfg: DictConfig) -> Space:
    """The axes that have values, in the order of the schema. Raises UsageError naming the axis and what is wrong."""
    given = cast(dict[str, Any], OmegaConf.to_container(cfg.space, resolve=True))
    return {axis: _axis(axis, written) for axis, written in given.items() if written is not None}


def switch(value: bool | str) -> bool | str:
    """`on` and `off` as people write them; other words are levels."""
    return SWITCH.get(value.lower(), value) if isinstance(value, str) else value


def _axis(axis: str, written: Any) -> Sequence[Any] | Range:
    if isinstance(written, dict):
        return _range(axis, written)
    if not isinstance(written, list):
        raise UsageError(
            f"space.{axis}={written}: an axis takes a list of values, such as [0,0.4], or a range,"
            " such as {low: 0, high: 1.5}."
        )
    if not written:
        raise UsageError(f"space.{axis}=[]: give at least one value, or null not to sweep it.")
    values = [_typed(axis, f"space.{axis}[{i}]", value) for i, value in enumerate(written)]
    for value in values:
        check_level(f"space.{axis}", axis, value)
    return [switch(value) for value in values] if axis == "reasoning" else values


def _range(axis: str, written: dict[str, Any]) -> Range:
    kinds = get_args(get_type_hints(BaselineConfig)[axis]) or (get_type_hints(BaselineConfig)[axis],)
    if not {int, float} & set(kinds):
        raise UsageError(f"space.{axis}={written}: this axis has no numbers to range over; list its values.")
    for key in written:
        if key not in RANGE:
            raise UsageError(f"space.{axis}.{key}: there is no such key; {nearest(str(key), RANGE)}")
    numbers = {}
    for key in ("low", "high", "step"):
        if written.get(key) is not None:
            numbers[key] = _typed(axis, f"space.{axis}.{key}", written[key])
        elif key != "step":
            raise UsageError(f"space.{axis}={written}: a range needs low and high.")
    if not isinstance(log := written.get("log", False), bool):
        raise UsageError(f"space.{axis}.log={log}: it must be true or false.")
    try:
        found = Range(**numbers, log=log, whole=int in kinds)
    except UsageError as e:
        raise UsageError(f"space.{axis}: {e}") from None
    for end in found.ends:
        check_level(f"space.{axis}", axis, end)
    return found


def _typed(axis: str, key: str, value: Any) -> Any:
    """The value as the axis has it in the baseline, whose types are the schema. Raises UsageError where it cannot be one."""
    one = OmegaConf.structured(BaselineConfig)
    try:
        one[axis] = value
    except ValidationError as e:
        if value is None:
            raise UsageError(f"{key}=null: this axis needs a value.") from None
        wanted = re.search(r"(?:could not be converted to|is not) (?:an? )?(.+)", str(e))
        kind = wanted.group(1).splitlines()[0].rstrip(".") if wanted else "another"
        raise UsageError(f"{key}={value}: the value must be of type {kind}.") from None
    return one[axis]
