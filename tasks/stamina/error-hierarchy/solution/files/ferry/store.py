"""Bookings in a folder, one JSON file each."""

import json
import os

from ferry.errors import NotFoundError, StorageError


class Store:
    def __init__(self, folder):
        self._folder = folder

    def next_number(self):
        numbers = [int(name[:-5]) for name in self._names()]
        return max(numbers, default=0) + 1

    def load(self, number):
        """A booking. Raises NotFoundError or StorageError."""
        if not os.path.exists(self._path(number)):
            raise NotFoundError("booking", number)
        try:
            with open(self._path(number), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError) as e:
            raise StorageError(self._path(number), str(e)) from e

    def save(self, booking):
        """Raises StorageError."""
        try:
            with open(self._path(booking["number"]), "w", encoding="utf-8") as file:
                json.dump(booking, file)
        except OSError as e:
            raise StorageError(self._path(booking["number"]), str(e)) from e

    def numbers(self):
        return sorted(int(name[:-5]) for name in self._names())

    def _names(self):
        if not os.path.isdir(self._folder):
            return []
        return [name for name in os.listdir(self._folder) if name.endswith(".json") and name[:-5].isdecimal()]

    def _path(self, number):
        return os.path.join(self._folder, f"{number}.json")
