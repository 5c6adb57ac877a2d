"""Suggestions while somebody types."""

from app.catalogue import ARTICLES
from app.flags import flags

MODES = {"legacy": "legacy_search"}


def suggest(text):
    """The next words that fit."""
    if flags.get(MODES["legacy"]):
        return sorted(name for name in ARTICLES if name.startswith(text))
    return sorted(name for name in ARTICLES if text in name)
