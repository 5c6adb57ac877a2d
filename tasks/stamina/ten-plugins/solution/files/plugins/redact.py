"""Replaces words by stars."""

import re

from chime.api import NEEDED, OptionError, read_options


class Plugin:
    name = "redact"
    api = 2

    def __init__(self, options):
        path = read_options(self.name, options, {"words_file": (str, NEEDED)})["words_file"]
        try:
            with open(path, encoding="utf-8") as file:
                lines = [line.strip() for line in file]
        except (OSError, ValueError) as e:
            raise OptionError(self.name, "words_file", str(e)) from e
        words = sorted((line for line in lines if line and not line.startswith("#")), key=len, reverse=True)
        any_word = "|".join(map(re.escape, words)) or "(?!)"
        self._words = re.compile(rf"(?<!\w)(?:{any_word})(?!\w)", re.IGNORECASE)

    def process(self, message):
        return [message.but(text=self._words.sub(lambda match: "*" * len(match[0]), message.text))]

    def tick(self, now):
        return []

    def close(self):
        return []
