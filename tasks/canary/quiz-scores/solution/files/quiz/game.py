"""A game: players, their sheets and the key with the right answers."""

from quiz.ranking import Ranking
from quiz.sheet import Sheet


class Game:
    def __init__(self, key):
        self.key = key
        self.sheets = {}
        self.ranking = Ranking()

    def join(self, name):
        if name in self.sheets:
            raise ValueError(f"there is a player {name} already")
        self.sheets[name] = Sheet(name)
        self.ranking.set(name, 0)

    def answer(self, name, question, text):
        sheet = self.sheets[name]
        sheet.answer(question, text)
        self.ranking.set(name, sheet.points(self.key))

    def rename(self, old, new):
        if new in self.sheets and new != old:
            raise ValueError(f"there is a player {new} already")
        sheet = self.sheets.pop(old)
        sheet.player = new
        self.sheets[new] = sheet
        self.ranking.rename(old, new)

    def standings(self):
        """Pairs of (name, points)."""
        return self.ranking.ordered()
