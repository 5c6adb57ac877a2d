"""Beds with plants, each at a place (column, row)."""

import copy


class Plan:
    def __init__(self):
        self.beds = {}

    def copy(self):
        return copy.copy(self)

    def add_bed(self, name):
        if name in self.beds:
            raise ValueError(f"there is a bed {name} already")
        self.beds[name] = {}

    def rename_bed(self, old, new):
        plants = self.beds.pop(old)
        if new in self.beds:
            raise ValueError(f"there is a bed {new} already")
        self.beds[new] = plants

    def put(self, bed, plant, place):
        """Set a plant to a place, or move it there."""
        taken = [name for name, where in self.beds[bed].items() if where == place and name != plant]
        if taken:
            raise ValueError(f"{place} is taken by {taken[0]}")
        self.beds[bed][plant] = place

    def remove(self, bed, plant):
        if plant not in self.beds[bed]:
            raise ValueError(f"there is no {plant} in {bed}")
        del self.beds[bed][plant]
