"""The words of `check` and `diff`: key=value, each checked, as plain objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from llmsweep.analysis.checks.verdict import KINDS, Kind, Terms
from llmsweep.cli.values import number
from llmsweep.errors import UsageError, nearest

SIDES = ("baseline", "candidate")
OF_SIDE = ("cell", "price")
CHANGED = ("skip", "refuse")
KEYS = (*SIDES, "margin", "alpha", *KINDS, "changed", "results", "out")
SIDE_KEYS = tuple(f"{side}.{key}" for side in SIDES for key in OF_SIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``candidate``: a results folder, or a configuration in words; ``sides``: side -> key -> text; ``changed``: what becomes
    of tasks that are no longer those of the baseline; ``results``: where a candidate's episodes go; ``out``: the reports.
    """

    baseline: Path
    candidate: str
    terms: Terms
    sides: Mapping[str, Mapping[str, str]]
    changed: str = "skip"
    results: Path = Path("results/check")
    out: Path | None = None


@dataclass(slots=True)
class _Said:
    texts: dict[str, str] = field(default_factory=dict)
    sides: dict[str, dict[str, str]] = field(default_factory=lambda: {side: {} for side in SIDES})


def parse(args: Sequence[str], verb: str = "check", keys: Sequence[str] = KEYS) -> Asked:
    """Raises UsageError for words that mean nothing, and where baseline or candidate is missing."""
    said = _Said()
    for word in args:
        key, equals, text = word.partition("=")
        side, dot, what = key.partition(".")
        if not equals:
            raise UsageError(f"{word!r}: {verb} takes key=value, such as baseline=results/demo.")
        if not text.strip():
            raise UsageError(f"{key}= is empty: give it a value, or leave the word out.")
        if dot and side in SIDES and what in OF_SIDE:
            said.sides[side][what] = text
        elif key in keys:
            said.texts[key] = text
        else:
            raise UsageError(f"{key}: there is no such key; {nearest(key, (*keys, *SIDE_KEYS))}{_hint(key)}")
    return _asked(said)


def _hint(key: str) -> str:
    """Settings of a sweep are the candidate's, and are said within it."""
    inside = key.partition(".")[0] in ("model", "suite", "provider", "envelope", "sandbox", "host", "space")
    return f' Settings of the candidate go into one word: candidate="{key}=...".' if inside else ""


def _asked(said: _Said) -> Asked:
    for side, example in (("baseline", "results/demo"), ("candidate", '"model=smollm2"')):
        if side not in said.texts:
            raise UsageError(f"{side} is missing: say which, such as {side}={example}.")
    baseline = Path(said.texts["baseline"]).expanduser()
    if not baseline.is_dir():
        raise UsageError(f"baseline={baseline}: there is no such folder; name one with recorded results.")
    if (changed := said.texts.get("changed", "skip")) not in CHANGED:
        raise UsageError(f"changed={changed}: there is no such choice; {nearest(changed, CHANGED)}")
    out = said.texts.get("out")
    return Asked(
        baseline=baseline,
        candidate=said.texts["candidate"],
        terms=_terms(said.texts),
        sides=said.sides,
        changed=changed,
        results=Path(said.texts.get("results", "results/check")).expanduser(),
        out=None if out is None else Path(out).expanduser(),
    )


def _terms(texts: Mapping[str, str]) -> Terms:
    shares = {}
    for key, default, example in (("margin", "0.1", "0.1 (10 points)"), ("alpha", "0.05", "0.05")):
        shares[key] = number(key, texts.get(key, default), above=True)
        if shares[key] >= 1:
            raise UsageError(f"{key}={texts[key]}: it must be a share between 0 and 1, such as {example}.")
    ceilings: dict[Kind, float] = {
        kind: number(kind, texts[kind], above=True) for kind in KINDS if kind in texts
    }
    for kind, allowed in ceilings.items():
        if not 0.1 <= allowed <= 10:
            raise UsageError(
                f"{kind}={texts[kind]}: it is a ratio to the baseline's, such as 1.2 for a fifth more; it must be between"
                " 0.1 and 10."
            )
    return Terms(margin=shares["margin"], alpha=shares["alpha"], ceilings=ceilings)
