"""A strategy's own parameters on the command line of `replay`, held to the signature of its function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from llmsweep.errors import UsageError, nearest


def parameters_of(target: str, given: Iterable[str] = ()) -> Mapping[str, Any]:
    """What the function of that dotted name may be given, each with its type: its keyword parameters that a command
    line can write, and where it takes any, those that its YAML file has ``given``.
    """
    module, _, name = target.rpartition(".")
    function = getattr(import_module(module), name)
    hints = get_type_hints(function)
    known = inspect.signature(function).parameters.values()
    free = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in known)
    named = {p.name: hints.get(p.name, Any) for p in known if p.kind is inspect.Parameter.KEYWORD_ONLY}
    written = {
        n: hint for n, hint in named.items() if not any(get_origin(k) is Callable for k in _kinds(hint))
    }
    return {**(dict.fromkeys(given, Any) if free else {}), **written}


def checked(key: str, value: Any, target: str, given: Iterable[str] = ()) -> Any:
    """The value, where ``key`` (strategy.parameter) is a parameter of that type. Raises UsageError for all else."""
    name = key.partition(".")[2]
    known = parameters_of(target, given)
    if name not in known:
        raise UsageError(f"{key}: it has no such parameter; {nearest(name, known)}")
    kinds = _kinds(known[name])
    if not any(_fits(value, kind) for kind in kinds):
        raise UsageError(f"{key}={value}: it must be {' or '.join(_said(kind) for kind in kinds)}.")
    return value


def _kinds(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if isinstance(hint, UnionType) or get_origin(hint) is Union else (hint,)


def _fits(value: Any, kind: Any) -> bool:
    """Types that the command line cannot write are left to the strategy to judge."""
    origin = get_origin(kind)
    if origin is Literal:
        return value in get_args(kind)
    if origin is not None:
        return isinstance(value, list)
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    return isinstance(value, kind) if kind in (bool, str, NoneType) else True


def _said(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(str(word) for word in get_args(kind))
    if get_origin(kind) is not None:
        return "a list"
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "a word", NoneType: "null"}
    return words.get(kind, str(kind))
