import tempfile
import unittest
from pathlib import Path

from people.index import Index


class People(unittest.TestCase):
    def setUp(self):
        self.path = Path(tempfile.mkdtemp()) / "index.json"
        self.index = Index(self.path)
        for name in ("Jose Diaz", "José Álvarez", "Anna Straße"):
            self.index.add(name)

    def test_accents(self):
        self.assertEqual(self.index.find("jose"), ["Jose Diaz", "José Álvarez"])
        self.assertEqual(self.index.find("ÁLV JOS"), ["José Álvarez"])

    def test_sharp_s(self):
        self.assertEqual(self.index.find("STRASSE"), ["Anna Straße"])

    def test_it_is_kept(self):
        self.assertEqual(Index(self.path).find("anna"), ["Anna Straße"])
