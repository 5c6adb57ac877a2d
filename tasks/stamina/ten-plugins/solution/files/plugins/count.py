"""Counts messages by sender."""

from collections import Counter

from chime.api import Message, read_options


class Plugin:
    name = "count"
    api = 2

    def __init__(self, options):
        read_options(self.name, options, {})
        self._counts = Counter()

    def process(self, message):
        if message.text == "!count":
            text = ", ".join(f"{sender} {number}" for sender, number in sorted(self._counts.items()))
            return [Message(f"{message.id}-count", message.time, "count", (message.sender,), text or "nothing yet")]
        self._counts[message.sender] += 1
        return [message]

    def tick(self, now):
        return []

    def close(self):
        return []
