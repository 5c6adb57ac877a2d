"""Flags: defaults, flags.json, environment."""

import json
import os
from pathlib import Path

DEFAULTS = {"legacy_search": True, "show_prices": False}


class Flags:
    def __init__(self, path="flags.json"):
        self.path = Path(path)

    def get(self, name):
        """Whether a flag is on. Raises KeyError for an unknown flag."""
        value = DEFAULTS[name]
        if self.path.exists():
            value = json.loads(self.path.read_text(encoding="utf-8")).get(name, value)
        text = os.environ.get(f"APP_{name.upper()}", "")
        if text:
            value = text.lower() in ("1", "true", "yes", "on")
        return bool(value)

    def __getattr__(self, name):
        if name in DEFAULTS:
            return self.get(name)
        raise AttributeError(name)


flags = Flags()
