"""Drops repeats."""

from chime.api import read_options
from plugins._options import at_least


class Plugin:
    name = "dedupe"
    api = 2

    def __init__(self, options):
        values = read_options(self.name, options, {"window": (int, 60)})
        at_least(self.name, values, window=0)
        self._window = values["window"]
        self._last = {}

    def process(self, message):
        key = (message.sender, message.text.strip().lower())
        last = self._last.get(key)
        self._last[key] = message.time
        return [message] if last is None or message.time - last > self._window else []

    def tick(self, now):
        return []

    def close(self):
        return []
