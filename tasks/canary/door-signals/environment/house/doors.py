"""Doors send signals."""


class Door:
    def __init__(self, hub, place):
        self.hub = hub
        self.place = place
        self.open = False

    def move(self, wide):
        """Open (True) or close (False); a door that does not change says nothing."""
        if self.open != wide:
            self.open = wide
            self.hub.send("door.opened" if wide else "door.closed", {"place": self.place})
