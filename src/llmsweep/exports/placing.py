"""A recommendation's settings put where a consumer keeps them; what it has no place for becomes a sentence, never nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from llmsweep.exports.shipped import Shipped
from llmsweep.providers.wording import merged

SETTINGS = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "repeat_penalty",
    "max_tokens",
    "context",
    "reasoning",
    "echo_reasoning",
    "turns",
    "tokens",
    "seconds",
    "protocol",
    "prompt",
)
"""All that a recommendation says; a consumer's table has a place for each, or why it has none."""


class At(NamedTuple):
    """``path``: keys with dots between."""

    path: str


class Body(NamedTuple):
    """Among the fields of the request itself, under the name that the sweep's own requests had. ``path``: where those lie."""

    path: str


class Cannot(NamedTuple):
    """``why``: and what to do instead; it ends the sentence `temperature 0: ...`."""

    why: str


Place = At | Body | Cannot
Places = Mapping[str, Place]


class Placed(NamedTuple):
    """``fields``: nested as the consumer has them; ``unsaid``: a sentence for each setting that has no place there."""

    fields: dict[str, Any]
    unsaid: list[str]


def placed(places: Places, shipped: Shipped) -> Placed:
    """Every setting that has a value, in its place."""
    fields: dict[str, Any] = {}
    unsaid = []
    for setting in SETTINGS:
        place, value = places[setting], shipped.value(setting)
        if value is None:
            continue
        if isinstance(place, Cannot):
            unsaid.append(f"{setting} {_word(value)}: {place.why}")
        elif isinstance(place, At):
            put(fields, place.path, value)
        elif setting == "reasoning":
            put(fields, place.path, dict(shipped.sent.reasoning))
        else:
            put(fields, f"{place.path}.{shipped.sent.fields[setting]}".lstrip("."), value)
    return Placed(fields, unsaid + _unknown(shipped))


def put(fields: dict[str, Any], path: str, value: Any) -> None:
    """Set what ``path`` names; a mapping is merged into what is there, "" is the top."""
    *above, last = path.split(".") if path else [""]
    for key in above:
        fields = fields.setdefault(key, {})
    if isinstance(value, Mapping):
        mine = fields if not last else fields.setdefault(last, {})
        both = merged(mine, value)
        mine.clear()
        mine.update(both)
    else:
        fields[last] = value


def _unknown(shipped: Shipped) -> list[str]:
    """What nobody wrote down of the sweep's own requests."""
    if shipped.served.known:
        return []
    return [
        "top_k, min_p, repeat_penalty, reasoning: the sweep's config.yaml is not there, so nobody knows what its requests"
        " held beside the cell's own settings; the server's defaults hold"
    ]


def _word(value: Any) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else f"{value}"
