"""The planner: every change goes through here."""

from planner.history import History
from planner.plan import Plan


class Planner:
    def __init__(self):
        self._plan = Plan()
        self._history = History()

    @property
    def plan(self):
        return self._plan

    def change(self, method, *args):
        """Carry out a method of Plan as one step."""
        self._history.keep(self._plan.copy())
        getattr(self._plan, method)(*args)

    def undo(self):
        self._plan = self._history.undo(self._plan)
        return True

    def redo(self):
        self._plan = self._history.redo(self._plan)
        return True
