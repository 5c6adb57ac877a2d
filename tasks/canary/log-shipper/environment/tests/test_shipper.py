import json
import tempfile
import unittest
from pathlib import Path

from shipper.ship import ship


class Shipper(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.log, self.state, self.sent = self.folder / "a.log", self.folder / "state.json", []

    def ship(self):
        return ship(self.log, self.state, self.sent.append)

    def test_each_line_once(self):
        self.log.write_text("one\ntwo\n")
        self.assertEqual(self.ship(), 2)
        with self.log.open("a") as file:
            file.write("three\n")
        self.assertEqual(self.ship(), 1)
        self.assertEqual(self.sent, ["one", "two", "three"])

    def test_state_is_in_bytes(self):
        self.log.write_text("größe\n", encoding="utf-8")
        self.ship()
        self.assertEqual(json.loads(self.state.read_text()), {str(self.log): 8})

    def test_rotation(self):
        self.log.write_text("a long line of the old file\n")
        self.ship()
        self.log.write_text("new\n")
        self.ship()
        self.assertEqual(self.sent[-1], "new")
