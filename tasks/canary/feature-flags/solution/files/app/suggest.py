"""Suggestions while somebody types."""

from app.catalogue import ARTICLES
from app.flags import flags

def suggest(text):
    """The next words that fit."""
    if flags.fast_search:
        return sorted(name for name in ARTICLES if text in name)
    return sorted(name for name in ARTICLES if name.startswith(text))
