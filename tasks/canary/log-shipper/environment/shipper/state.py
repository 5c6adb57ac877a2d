"""How far each log is done, in a JSON file."""

import json
from pathlib import Path


class State:
    def __init__(self, path):
        self.path = Path(path)
        self.done = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}

    def of(self, log):
        return self.done.get(str(log), 0)

    def keep(self, log, offset):
        self.done[str(log)] = offset
        self.path.write_text(json.dumps(self.done), encoding="utf-8")
