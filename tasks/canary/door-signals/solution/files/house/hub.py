"""Delivers signals to listeners."""

import copy
from collections import deque


class _Entry:
    """One addition of a listener."""

    def __init__(self, name, listener, rank, once):
        self.name, self.listener, self.rank, self.once = name, listener, rank, once
        self.active = True


class Hub:
    """Listeners by the name of their signal; `*` means every name."""

    def __init__(self):
        self._listeners = []
        self._waiting = deque()
        self._busy = False

    def on(self, name, listener, rank=0):
        """Add a listener; what is returned removes it."""
        return self._add(_Entry(name, listener, rank, once=False))

    def once(self, name, listener, rank=0):
        """Add a listener that runs one time at most; what is returned removes it."""
        return self._add(_Entry(name, listener, rank, once=True))

    def send(self, name, data=None, then=None):
        """Deliver a signal; returns how many listeners ran, or 0 where it has to wait.

        ``then`` is called with how many ran, once it is delivered.
        """
        self._waiting.append((name, copy.deepcopy(data), then))
        if self._busy:
            return 0
        self._busy = True
        counts, errors = [], []
        try:
            while self._waiting:
                counts.append(self._deliver(*self._waiting.popleft(), errors))
        finally:
            self._busy = False
            self._waiting.clear()
        if errors:
            raise errors[0]
        return counts[0]

    def _add(self, entry):
        self._listeners.append(entry)
        self._listeners.sort(key=lambda one: -one.rank)
        return lambda: self._remove(entry)

    def _remove(self, entry):
        if entry.active:
            entry.active = False
            self._listeners = [one for one in self._listeners if one is not entry]

    def _deliver(self, name, data, then, errors):
        ran = 0
        for entry in [one for one in self._listeners if one.name in (name, "*")]:
            if not entry.active:
                continue
            if entry.once:
                self._remove(entry)
            ran += 1
            try:
                entry.listener(name, copy.deepcopy(data))
            except Exception as e:
                errors.append(e)
        if then:
            then(ran)
        return ran
