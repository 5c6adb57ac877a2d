"""Lets a sender have only so many messages in a time."""

from chime.api import Message, read_options
from plugins._options import at_least


class Plugin:
    name = "throttle"
    api = 2

    def __init__(self, options):
        values = read_options(self.name, options, {"limit": (int, 10), "period": (int, 60)})
        at_least(self.name, values, limit=1, period=1)
        self._limit, self._period = values["limit"], values["period"]
        self._began, self._passed, self._dropped = {}, {}, {}

    def process(self, message):
        sender = message.sender
        if sender not in self._began or message.time - self._began[sender] >= self._period:
            self._began[sender], self._passed[sender] = message.time, 0
        if self._passed[sender] >= self._limit:
            number, _ = self._dropped.get(sender, (0, 0))
            self._dropped[sender] = (number + 1, message.time)
            return []
        self._passed[sender] += 1
        return [message]

    def tick(self, now):
        return []

    def close(self):
        return [
            Message(f"throttle-{sender}", last, "throttle", (sender,), f"dropped {number}")
            for sender, (number, last) in sorted(self._dropped.items())
        ]
