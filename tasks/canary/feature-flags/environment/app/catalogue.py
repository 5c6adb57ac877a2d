"""The catalogue."""

from app.flags import flags

ARTICLES = {"garden chair": 49, "garden table": 120, "kitchen chair": 35, "garden hose 20m": 25}


def listing(names):
    """A line an article, with prices where that is switched on."""
    if getattr(flags, "show_" + "prices"):
        return "\n".join(f"{name} {ARTICLES[name]}" for name in names)
    return "\n".join(names)
