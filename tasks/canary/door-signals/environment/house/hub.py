"""Delivers signals to listeners."""


class Hub:
    """Listeners by the name of their signal; `*` means every name."""

    def __init__(self):
        self._listeners = []

    def on(self, name, listener, rank=0):
        """Add a listener; what is returned removes it."""
        entry = (name, listener, rank)
        self._listeners.append(entry)
        self._listeners.sort(key=lambda one: -one[2])

        def off():
            if entry in self._listeners:
                self._listeners.remove(entry)

        return off

    def once(self, name, listener, rank=0):
        """Add a listener that runs one time at most; what is returned removes it."""

        def only(name, data):
            listener(name, data)
            off()

        off = self.on(name, only, rank)
        return off

    def send(self, name, data=None):
        """Deliver a signal; returns how many listeners ran."""
        ran = 0
        for wanted, listener, _ in self._listeners:
            if wanted in (name, "*"):
                listener(name, data)
                ran += 1
        return ran
