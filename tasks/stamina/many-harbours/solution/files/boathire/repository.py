"""Boats and hires in one JSON file, which is written at each change."""

import json
from dataclasses import asdict, replace

from boathire.model import Boat, Hire, Refused


class Repository:
    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self._boats = [Boat(one["code"], one["kind"], one["seats"], one.get("harbour", "main")) for one in data["boats"]]
        self._hires = [_hire(one) for one in data["hires"]]

    def boats(self, kind=None, harbour="main"):
        """Boats in the order of their codes, of one kind or of all."""
        found = [boat for boat in self._boats if boat.harbour == harbour and kind in (None, boat.kind)]
        return sorted(found, key=lambda boat: boat.code)

    def boat(self, code, harbour="main"):
        for boat in self._boats:
            if boat.code == code and boat.harbour == harbour:
                return boat
        raise Refused(f"there is no boat {code}")

    def hires(self, day=None, harbour="main"):
        """Hires in the order of their numbers, of one day or of all."""
        found = [hire for hire in self._hires if hire.harbour == harbour and day in (None, hire.day)]
        return sorted(found, key=lambda hire: hire.number)

    def add_hire(self, boat, guest, day, hours, cents, harbour="main"):
        number = 1 + max((hire.number for hire in self.hires(harbour=harbour)), default=0)
        hire = Hire(number, boat, guest, day, hours, cents, harbour=harbour)
        self._hires.append(hire)
        self._save()
        return hire

    def close_hire(self, number, harbour="main"):
        """Mark a hire as back; gives it."""
        for place, hire in enumerate(self._hires):
            if (hire.number, hire.harbour) == (number, harbour) and not hire.back:
                self._hires[place] = replace(hire, back=True)
                self._save()
                return self._hires[place]
        raise Refused(f"there is no open hire {number}")

    def held_by(self, guest):
        """How many boats a guest has now, in all harbours."""
        return sum(hire.guest == guest and not hire.back for hire in self._hires)

    def _save(self):
        data = {"boats": [asdict(boat) for boat in self._boats], "hires": [asdict(hire) for hire in self._hires]}
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=1)


def _hire(data):
    names = ("number", "boat", "guest", "day", "hours", "cents")
    return Hire(*(data[name] for name in names), back=bool(data.get("back")), harbour=data.get("harbour", "main"))
