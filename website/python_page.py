"""The page of the Python interface: one directive a module, which mkdocstrings fills from signatures and docstrings."""

from __future__ import annotations

MODULES = (
    "llmsweep.types",
    "llmsweep.errors",
    "llmsweep.store",
    "llmsweep.analysis.frame",
    "llmsweep.analysis.stats",
    "llmsweep.providers.base",
    "llmsweep.sandbox.base",
    "llmsweep.testing",
)
"""A module that belongs to the reference is one more line."""
SAYS_ITSELF = {"llmsweep.errors"}
"""Modules in which a name without a docstring is shown too."""
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
    return "\n".join([HEAD, *(_directive(name) for name in MODULES)])


def _directive(name: str) -> str:
    more = "      show_if_no_docstring: true\n" if name in SAYS_ITSELF else ""
    return f"::: {name}\n{OPTIONS}{more}"
