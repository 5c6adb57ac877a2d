import json
import os
import shutil
import tempfile
import unittest

from boathire.cache import Cache
from boathire.jobs import JobQueue
from boathire.model import Refused
from boathire.pricing import load_tariffs, price
from boathire.repository import Repository
from boathire.service import HireService


class Hire(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.file = shutil.copy("data/fleet.json", self.folder)
        self.tariffs = load_tariffs("data/tariffs.json")
        self.repository = Repository(self.file)
        self.queue = JobQueue(os.path.join(self.folder, "jobs.json"))
        self.service = HireService(self.repository, self.tariffs, Cache(), self.queue)

    def test_prices(self):
        self.assertEqual([price(self.tariffs, "rowing", *t) for t in ((0, 1), (0, 6), (5, 1))], [900, 4500, 1080])
        self.assertRaises(Refused, price, self.tariffs, "raft", 0, 1)

    def test_hire_and_back(self):
        hire = self.service.hire("R1", "ana", 3, 2)
        self.assertEqual((hire.number, hire.cents), (1, 1800))
        self.assertEqual(self.service.free_boats(3), ["P1", "R2", "S1"])
        self.assertEqual(self.service.free_boats(4, "rowing"), ["R1", "R2"])
        self.assertRaises(Refused, self.service.hire, "R1", "bo", 3, 1)
        self.assertTrue(self.service.give_back(1).back)
        self.assertEqual(self.service.free_boats(3), ["P1", "R1", "R2", "S1"])
        self.assertRaises(Refused, self.service.give_back, 1)

    def test_the_limit(self):
        self.service.hire("R1", "ana", 3, 2)
        self.service.hire("R2", "ana", 4, 2)
        self.assertRaises(Refused, self.service.hire, "P1", "ana", 5, 2)

    def test_it_is_kept(self):
        self.service.hire("R1", "ana", 3, 2)
        again = Repository(self.file)
        self.assertEqual(again.hires(), self.repository.hires())
        self.assertEqual(again.add_hire("R2", "bo", 3, 1, 900).number, 2)

    def test_a_reminder_is_put(self):
        self.service.hire("S1", "ana", 3, 2)
        self.assertEqual([(e["job"], e["arguments"]) for e in self.queue.waiting()], [("remind", {"number": 1})])
        with open(self.queue.path, encoding="utf-8") as file:
            self.assertEqual(len(json.load(file)), 1)

    def test_the_cache_is_used(self):
        for _ in range(3):
            self.service.free_boats(9)
            self.service.quote("pedal", 9, 2)
        self.assertEqual(self.service.cache.hits, 4)
