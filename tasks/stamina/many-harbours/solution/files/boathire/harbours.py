"""Which harbours there are, and what they are called."""

import json
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "data" / "harbours.json"
MAIN = "main"


class UnknownHarbour(ValueError):
    def __init__(self, harbour):
        super().__init__(f"unknown harbour: {harbour} (known: {', '.join(known())})")


def known():
    return sorted(_all())


def name(harbour):
    """The full name, for people."""
    return _all()[check(harbour)]["name"]


def check(harbour):
    if harbour not in _all():
        raise UnknownHarbour(harbour)
    return harbour


def _all():
    return json.loads(FILE.read_text(encoding="utf-8"))
