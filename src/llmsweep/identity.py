"""What makes two values the same experiment: digests of canonical JSON, which outlive new fields, machines and versions."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import msgspec

LATER = ("top_k", "min_p", "repeat_penalty")
"""Fields of a cell's sampling that are younger than the first logs."""


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys and no spaces: equal values give equal bytes on every machine."""
    return msgspec.json.encode(value, order="sorted", enc_hook=str)


def digest(value: object) -> str:
    """sha256 (64 hex digits) of the value's canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


@lru_cache(maxsize=4096)
def cell_digest(cell: object) -> str:
    """Of a `Cell`. A later field that says nothing is left out: the cell is the same experiment as before there was such
    a field, and the episodes that were logged then are still its own.
    """
    value = msgspec.to_builtins(cell)
    for name in LATER:
        if value["sampling"][name] is None:
            del value["sampling"][name]
    return digest(value)
