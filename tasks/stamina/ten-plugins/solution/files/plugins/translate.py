"""Replaces texts by others."""

import re

from chime.api import NEEDED, OptionError, read_options


class Plugin:
    name = "translate"
    api = 2

    def __init__(self, options):
        table = read_options(self.name, options, {"table": (dict, NEEDED)})["table"]
        if not all(isinstance(key, str) and isinstance(value, str) for key, value in table.items()) or "" in table:
            raise OptionError(self.name, "table", "it must map texts, not empty, to texts")
        self._table = dict(table)
        self._keys = re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))) or "(?!)")

    def process(self, message):
        return [message.but(text=self._keys.sub(lambda match: self._table[match[0]], message.text))]

    def tick(self, now):
        return []

    def close(self):
        return []
