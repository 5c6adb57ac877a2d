"""Which parcel lies on which shelf."""


class Full(Exception):
    """No shelf has enough room left."""


class Shelves:
    """Shelves with a capacity in litres each.

    The mapping that the constructor is given stays the caller's: it is never changed.
    """

    def __init__(self, capacities):
        self._free = capacities
        self._places = {}

    def put(self, code, volume):
        """Puts a parcel on the shelf with the least room that is enough (the first by name among equals).

        Returns the shelf's name. Raises Full where there is none, ValueError where the parcel lies here already.
        """
        if code in self._places:
            raise ValueError(f"{code} lies on {self._places[code][0]} already")
        enough = [(free, name) for name, free in self._free.items() if free >= volume]
        if not enough:
            raise Full(code)
        name = min(enough)[1]
        self._free[name] -= volume
        self._places[code] = (name, volume)
        return name

    def release(self, code):
        """Takes a parcel away; its room is free again. Returns the shelf's name. Raises KeyError for a stranger."""
        name, _ = self._places.pop(code)
        return name

    def where(self, code):
        """The shelf of a parcel, or None."""
        return self._places[code][0] if code in self._places else None

    def free(self):
        """{shelf: litres that are free}, a copy."""
        return dict(self._free)
