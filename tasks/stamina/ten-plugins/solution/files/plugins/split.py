"""Splits long texts."""

from chime.api import PluginError, read_options
from plugins._options import at_least


class Plugin:
    name = "split"
    api = 2

    def __init__(self, options):
        values = read_options(self.name, options, {"width": (int, 80)})
        at_least(self.name, values, width=1)
        self._width = values["width"]

    def process(self, message):
        if any(len(word) > self._width for word in message.text.split()):
            raise PluginError(self.name, f"a word is longer than {self._width}")
        if len(message.text) <= self._width:
            return [message]
        parts, text = [], message.text.strip()
        while len(text) > self._width:
            head = text[: self._width] if text[self._width].isspace() else self._head(text)
            parts.append(head.rstrip())
            text = text[len(head) :].lstrip()
        if text:
            parts.append(text)
        return [message.but(id=f"{message.id}.{number}", text=part) for number, part in enumerate(parts, 1)]

    def _head(self, text):
        cut = max(place for place in range(self._width) if text[place].isspace())
        return text[:cut]

    def tick(self, now):
        return []

    def close(self):
        return []
