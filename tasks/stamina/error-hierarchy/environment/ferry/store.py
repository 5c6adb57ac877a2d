"""Bookings in a folder, one JSON file each."""

import json
import os


class Store:
    def __init__(self, folder):
        self._folder = folder

    def next_number(self):
        numbers = [int(name[:-5]) for name in self._names()]
        return max(numbers, default=0) + 1

    def load(self, number):
        """A booking; None where there is none, {} where it cannot be read."""
        if not os.path.exists(self._path(number)):
            return None
        try:
            with open(self._path(number), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return {}

    def save(self, booking):
        """Whether it could be written."""
        try:
            with open(self._path(booking["number"]), "w", encoding="utf-8") as file:
                json.dump(booking, file)
        except OSError:
            return False
        return True

    def numbers(self):
        return sorted(int(name[:-5]) for name in self._names())

    def _names(self):
        if not os.path.isdir(self._folder):
            return []
        return [name for name in os.listdir(self._folder) if name.endswith(".json") and name[:-5].isdecimal()]

    def _path(self, number):
        return os.path.join(self._folder, f"{number}.json")
