"""Finds settings in requests of any dialect: by their values, which the probe chose, never by a dialect's names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from llmsweep.probe.interview import Call

_ABSENT = object()
_MESSAGES = "messages"


def places(calls: Sequence[Call], knob: str) -> list[str]:
    """Where every request holds just its own call's value of a knob, those named like it first.

    A place that merely has the same number by chance is found out by the calls that ask for another one.
    """
    found: set[str] | None = None
    for call in calls:
        wanted = getattr(call.sampling, knob)
        if call.exchange is None or wanted is None:
            continue
        here = {place for place, value in leaves(call.exchange.request) if _same(value, wanted)}
        found = here if found is None else found & here
    return sorted(found or (), key=lambda place: (knob not in place, place))


def differences(one: dict[str, Any], other: dict[str, Any], but: Sequence[str] = ()) -> list[str]:
    """What two requests differ in, as ``place: value -> value``, the places ``but`` and the messages aside."""
    first, second = (
        {place: v for place, v in leaves(r) if place not in but and place.partition(".")[0] != _MESSAGES}
        for r in (one, other)
    )
    return [
        f"{place}: {_shown(first.get(place, _ABSENT))} -> {_shown(second.get(place, _ABSENT))}"
        for place in sorted(first.keys() | second.keys())
        if first.get(place, _ABSENT) != second.get(place, _ABSENT)
    ]


def says(request: dict[str, Any], text: str) -> bool:
    """Whether the text stands somewhere in a request."""
    return any(isinstance(value, str) and text.strip() in value for _, value in leaves(request))


def leaves(tree: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no collection, with its dotted place."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{place}.{key}" if place else str(key))
    elif isinstance(tree, list):
        for at, value in enumerate(tree):
            yield from leaves(value, f"{place}.{at}")
    else:
        yield place, tree


def _same(value: Any, wanted: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float | str) and value == wanted


def _shown(value: Any) -> str:
    return (
        "absent" if value is _ABSENT else str(value).lower() if isinstance(value, bool) else str(value)[:40]
    )
