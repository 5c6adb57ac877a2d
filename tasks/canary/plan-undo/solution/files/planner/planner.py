"""The planner: every change goes through here."""

from planner.history import History
from planner.plan import Plan


class Planner:
    def __init__(self):
        self._plan = Plan()
        self._history = History()

    @property
    def plan(self):
        return self._plan.copy()

    def change(self, method, *args):
        """Carry out a method of Plan as one step."""
        changed = self._plan.copy()
        getattr(changed, method)(*args)
        if changed.beds != self._plan.beds:
            self._history.keep(self._plan)
            self._plan = changed

    def undo(self):
        return self._go(self._history.undo(self._plan))

    def redo(self):
        return self._go(self._history.redo(self._plan))

    def _go(self, state):
        if state is None:
            return False
        self._plan = state
        return True
