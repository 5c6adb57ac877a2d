"""The index on disk."""

import json
from pathlib import Path


def load(path):
    path = Path(path)
    return json.loads(path.read_text(encoding="utf-8"))["entries"] if path.exists() else []


def save(path, entries):
    Path(path).write_text(json.dumps({"entries": entries}), encoding="utf-8")
