"""The index on disk."""

import json
from pathlib import Path

from people.normal import words_of

VERSION = 2


def load(path):
    path = Path(path)
    if not path.exists():
        return []
    kept = json.loads(path.read_text(encoding="utf-8"))
    version = kept.get("version", 1)
    if version > VERSION:
        raise ValueError(f"the index is of version {version}, this program knows up to {VERSION}")
    if version == VERSION:
        return kept["entries"]
    names = dict.fromkeys(entry["name"] for entry in kept["entries"])
    entries = [{"name": name, "words": words_of(name)} for name in names]
    save(path, entries)
    return entries


def save(path, entries):
    Path(path).write_text(json.dumps({"version": VERSION, "entries": entries}), encoding="utf-8")
