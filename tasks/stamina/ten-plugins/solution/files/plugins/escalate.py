"""Tells the boss of alarms that come again and again."""

from chime.api import NEEDED, read_options
from plugins._options import at_least


class Plugin:
    name = "escalate"
    api = 2

    def __init__(self, options):
        values = read_options(self.name, options, {"boss": (str, NEEDED), "count": (int, 3), "within": (int, 600)})
        at_least(self.name, values, count=1, within=1)
        self._boss, self._count, self._within = values["boss"], values["count"], values["within"]
        self._times = {}

    def process(self, message):
        if "alarm" not in message.tags:
            return [message]
        times = [when for when in self._times.get(message.sender, []) if message.time - when < self._within]
        self._times[message.sender] = [*times, message.time]
        if len(times) + 1 < self._count:
            return [message]
        to = message.to if self._boss in message.to else (*message.to, self._boss)
        return [message.but(to=to, tags=message.tags | {"urgent"})]

    def tick(self, now):
        return []

    def close(self):
        return []
