"""Puts a house together."""

from house.doors import Door
from house.hub import Hub
from house.journal import Journal
from house.lamps import Lamp
from house.scenes import Scenes


class House:
    """Doors and lamps by their place, a journal, and scenes."""

    def __init__(self, places, scenes=None):
        self.hub = Hub()
        self.doors = {place: Door(self.hub, place) for place in places}
        self.lamps = {place: Lamp(self.hub, place) for place in places}
        self.journal = Journal(self.hub)
        self.scenes = Scenes(self.hub, scenes or {})

    def welcome(self, place):
        """At the next opening of a door: its lamp goes on, and the journal gets a line."""
        self.lamps[place].follow("door.opened", once=True)
        self.journal.next("door.opened")
