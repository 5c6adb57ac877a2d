"""The page of the Python interface: one directive a module, which mkdocstrings fills from signatures and docstrings."""

from __future__ import annotations

MODULES = {
    "llmsweep.types": "The nouns.",
    "llmsweep.errors": "Every error, with its exit code.",
    "llmsweep.store": "The episode log.",
    "llmsweep.analysis.frame": "Episodes as a table.",
    "llmsweep.analysis.stats": "Every statistic; [statistics](statistics.md) says what each is a statement about.",
    "llmsweep.providers.base": "What a provider is.",
    "llmsweep.sandbox.base": "What a sandbox is.",
    "llmsweep.testing": "What a provider or a sandbox of your own is tested with.",
}
"""Module -> what stands above it. A module that belongs to the reference is one more line."""
HEAD = """\
# Python

Made from the signatures and docstrings of this version. For a notebook `llmsweep.store` and `llmsweep.analysis.frame` are
enough; the rest is for whoever [adds something](architecture.md#where-to-change-what).
"""
OPTIONS = """\
    options:
      show_root_heading: true
      show_root_full_path: true
      heading_level: 2
"""


def page() -> str:
    """The whole page in Markdown, before mkdocstrings has filled it."""
    return "\n".join([HEAD, *(f"::: {name}\n{OPTIONS}" for name in MODULES)])
