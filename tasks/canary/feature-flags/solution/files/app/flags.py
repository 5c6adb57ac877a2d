"""Flags: defaults, flags.json, environment."""

import json
import os
import sys
from pathlib import Path

DEFAULTS = {"fast_search": False, "show_prices": False}
RENAMED = {"fast_search": ("legacy_search", lambda value: not value)}
"""New name -> the old one, and what its value means for the new one."""

_reported = set()


def _truth(text):
    return text.lower() in ("1", "true", "yes", "on")


def _in_source(name, values):
    """The value of a flag in one source by its new or else its old name; None where it is not set."""
    found = values.get(name)
    if name in RENAMED:
        old, meaning = RENAMED[name]
        if old in values:
            if old not in _reported:
                _reported.add(old)
                print(f"flag {old} is now {name}", file=sys.stderr)
            if found is None:
                found = meaning(values[old])
    return found


class Flags:
    def __init__(self, path="flags.json"):
        self.path = Path(path)

    def get(self, name):
        """Whether a flag is on. Raises KeyError for an unknown flag."""
        value = DEFAULTS[name]
        for source in (self._file(), self._environment()):
            found = _in_source(name, source)
            value = value if found is None else found
        return bool(value)

    def _file(self):
        return json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}

    @staticmethod
    def _environment():
        return {key[4:].lower(): _truth(text) for key, text in os.environ.items() if key.startswith("APP_") and text}

    def __getattr__(self, name):
        if name in DEFAULTS:
            return self.get(name)
        raise AttributeError(name)


flags = Flags()
