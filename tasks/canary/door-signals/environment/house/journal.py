"""Writes down what happened."""


class Journal:
    def __init__(self, hub):
        self.hub = hub
        self.lines = []

    def note(self, name, data):
        data = data or {}
        self.lines.append(" ".join([name, *(f"{key}={data[key]}" for key in sorted(data))]))

    def everything(self):
        """Write down every signal, after all others have seen it; what is returned ends it."""
        return self.hub.on("*", self.note, rank=-100)

    def next(self, signal):
        """Write down the next one only."""
        return self.hub.once(signal, self.note)
