"""Lamps listen, and say what they did."""


class Lamp:
    def __init__(self, hub, place):
        self.hub = hub
        self.place = place
        self.on = False

    def switch(self, on):
        self.on = on
        self.hub.send("lamp.on" if on else "lamp.off", {"place": self.place})

    def follow(self, signal, on=True, once=False):
        """Switch on (or off) at a signal from the lamp's own place; what is returned ends it."""

        def listener(name, data):
            if data["place"] == self.place:
                self.switch(on)

        add = self.hub.once if once else self.hub.on
        return add(signal, listener)
