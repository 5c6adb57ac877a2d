"""The search."""

from app.catalogue import ARTICLES
from app.flags import flags


def search(query):
    """Names of the articles that fit."""
    words = query.lower().split()
    if flags.legacy_search:
        return [name for name in ARTICLES if any(word in name.split() for word in words)]
    return [name for name in ARTICLES if all(word in name for word in words)]
