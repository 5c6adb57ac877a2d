"""Points by player."""


class Ranking:
    def __init__(self):
        self.points = {}

    def set(self, name, points):
        self.points[name] = points

    def ordered(self):
        """Pairs of (name, points), the most points first."""
        return sorted(self.points.items(), key=lambda pair: (-pair[1], pair[0]))
