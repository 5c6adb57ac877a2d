"""Undo and redo."""


class History:
    def __init__(self, limit=50):
        self.limit = limit
        self.undone = []
        self.done = []

    def keep(self, state):
        """Remember the state before a change."""
        self.done.append(state)
        del self.done[: -self.limit]
        self.undone.clear()

    def undo(self, now):
        """The state before the last change; ``now`` can be redone. None where there is none."""
        if not self.done:
            return None
        self.undone.append(now)
        return self.done.pop()

    def redo(self, now):
        if not self.undone:
            return None
        self.done.append(now)
        return self.undone.pop()
