"""Names and their words."""

from people.normal import words_of
from people.store import load, save


class Index:
    def __init__(self, path):
        self.path = path
        self.entries = load(path)

    def add(self, name):
        """Add a name; one that is there already is not added again."""
        if all(entry["name"] != name for entry in self.entries):
            self.entries.append({"name": name, "words": words_of(name)})
            save(self.path, self.entries)

    def find(self, query):
        """The names that fit."""
        wanted = words_of(query)
        return [entry["name"] for entry in self.entries if wanted and fits(wanted, entry["words"])]


def fits(wanted, words):
    """Whether each wanted beginning has a word of its own."""
    if not wanted:
        return True
    first, *rest = wanted
    return any(
        word.startswith(first) and fits(rest, words[:place] + words[place + 1 :]) for place, word in enumerate(words)
    )
