"""Appends every message to a file."""

from chime.api import NEEDED, OptionError, read_options
from chime.wire import to_json


class Plugin:
    name = "archive"
    api = 2

    def __init__(self, options):
        path = read_options(self.name, options, {"path": (str, NEEDED)})["path"]
        try:
            self._file = open(path, "a", encoding="utf-8")
        except OSError as e:
            raise OptionError(self.name, "path", str(e)) from e

    def process(self, message):
        self._file.write(to_json(message) + "\n")
        self._file.flush()
        return [message]

    def tick(self, now):
        return []

    def close(self):
        self._file.close()
        return []
