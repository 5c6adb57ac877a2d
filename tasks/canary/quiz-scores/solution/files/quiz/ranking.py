"""Points by player."""


class Ranking:
    def __init__(self):
        self.points = {}

    def set(self, name, points):
        self.points[name] = points

    def rename(self, old, new):
        """The same place under another name."""
        self.points = {new if name == old else name: points for name, points in self.points.items()}

    def ordered(self):
        """Pairs of (name, points), the most points first, equal ones in the order of joining."""
        return sorted(self.points.items(), key=lambda pair: -pair[1])
