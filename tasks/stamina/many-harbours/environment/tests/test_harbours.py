"""A taste of several harbours; docs/harbours.md says the rest."""

import json
import os
import shutil
import tempfile
import unittest

from boathire.cache import Cache
from boathire.pricing import load_tariffs
from boathire.repository import Repository
from boathire.service import HireService


class Harbours(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        path = os.path.join(self.folder, "fleet.json")
        boats = [{"code": "R1", "kind": "rowing", "seats": 3}, {"code": "R1", "kind": "rowing", "seats": 2, "harbour": "lake"}]
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"boats": boats, "hires": []}, file)
        self.service = HireService(Repository(path), load_tariffs("data/tariffs.json"), Cache())

    def test_two_boats_of_one_code(self):
        self.assertEqual(self.service.hire("R1", "ana", 3, 1, harbour="lake").cents, 700)
        self.assertEqual(self.service.free_boats(3), ["R1"])
        self.assertEqual(self.service.free_boats(3, harbour="lake"), [])

    def test_names(self):
        from boathire import harbours

        self.assertEqual(harbours.name("lake"), "Lake Jetty")
