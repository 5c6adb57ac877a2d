import os
import shutil
import tempfile
import unittest

from coop import reports
from coop.members import Members, UnknownMember


class MembersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = os.path.join(folder, "members.json")
        shutil.copy("data/members.json", self.path)
        self.members = Members(self.path)

    def test_a_deposit(self):
        self.assertEqual(self.members.deposit("bo", (2, 0)), (0, 75))

    def test_the_limit(self):
        with self.assertRaises(ValueError):
            self.members.withdraw("lu", (19, 51))
        self.assertEqual(self.members.withdraw("lu", (19, 50)), (-20, 0))

    def test_a_transfer(self):
        self.members.transfer("ida", "lu", (10, 50))
        self.members.save()
        again = Members(self.path)
        self.assertEqual(again.balance("lu"), (10, 0))
        self.assertEqual(again.balance("ida"), (101, 55))

    def test_a_stranger(self):
        with self.assertRaises(UnknownMember):
            self.members.balance("zoe")

    def test_the_report(self):
        self.assertEqual(reports.balances(self.members), "bo: -1.25\nida: 112.05\nlu: -0.50\nall: 110.30")
