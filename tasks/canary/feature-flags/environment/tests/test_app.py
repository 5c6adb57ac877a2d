import os
import tempfile
import unittest
from pathlib import Path

from app.flags import Flags
from app.search import search


class App(unittest.TestCase):
    def flags(self, text):
        path = Path(tempfile.mkdtemp()) / "flags.json"
        path.write_text(text)
        return Flags(path)

    def test_default(self):
        self.assertFalse(self.flags("{}").get("fast_search"))

    def test_the_new_name(self):
        self.assertTrue(self.flags('{"fast_search": true}').get("fast_search"))

    def test_the_old_name_in_a_file(self):
        self.assertTrue(self.flags('{"legacy_search": false}').fast_search)

    def test_search_as_before(self):
        self.assertEqual(search("garden chair"), ["garden chair", "garden table", "kitchen chair", "garden hose 20m"])
