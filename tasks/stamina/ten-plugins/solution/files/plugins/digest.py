"""Makes one message of several that are not urgent."""

from chime.api import Message, read_options
from plugins._options import at_least


class Plugin:
    name = "digest"
    api = 2

    def __init__(self, options):
        values = read_options(self.name, options, {"size": (int, 5), "hold": (int, 300)})
        at_least(self.name, values, size=1, hold=0)
        self._size, self._hold = values["size"], values["hold"]
        self._held = []
        self._number = 0

    def process(self, message):
        if "low" not in message.tags:
            return [message]
        self._held.append(message)
        return self._out() if len(self._held) >= self._size else []

    def tick(self, now):
        return self._out() if self._held and now - self._held[0].time >= self._hold else []

    def close(self):
        return self._out() if self._held else []

    def _out(self):
        held, self._held = self._held, []
        self._number += 1
        to = tuple(dict.fromkeys(name for message in held for name in message.to))
        text = "\n".join(f"{message.sender}: {message.text}" for message in held)
        return [Message(f"digest-{self._number}", held[-1].time, "digest", to, text, frozenset({"digest"}))]
