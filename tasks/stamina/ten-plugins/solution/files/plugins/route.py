"""Finds recipients by what a text says."""

import re

from chime.api import NEEDED, OptionError, read_options


class Plugin:
    name = "route"
    api = 2

    def __init__(self, options):
        values = read_options(self.name, options, {"rules": (list, NEEDED), "fallback": (str, "all")})
        self._fallback = values["fallback"]
        self._rules = [self._rule(rule) for rule in values["rules"]]

    def _rule(self, rule):
        if not isinstance(rule, (list, tuple)) or len(rule) != 2 or not all(isinstance(part, str) for part in rule):
            raise OptionError(self.name, "rules", f"{rule!r} is no pair of texts")
        try:
            return re.compile(rule[0]), rule[1]
        except re.error as e:
            raise OptionError(self.name, "rules", str(e)) from e

    def process(self, message):
        found = [recipient for pattern, recipient in self._rules if pattern.search(message.text)]
        to = list(message.to)
        to += [name for name in dict.fromkeys(found) if name not in to]
        return [message.but(to=tuple(to) or (self._fallback,))]

    def tick(self, now):
        return []

    def close(self):
        return []
