import os
import shutil
import tempfile
import unittest

from coop import reports
from coop.members import Members, UnknownMember
from coop.money import Money


class MembersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = os.path.join(folder, "members.json")
        shutil.copy("data/members.json", self.path)
        self.members = Members(self.path)

    def test_a_deposit(self):
        self.assertEqual(self.members.deposit("bo", Money(200)), Money(75))

    def test_the_limit(self):
        with self.assertRaises(ValueError):
            self.members.withdraw("lu", Money(1951))
        self.assertEqual(self.members.withdraw("lu", Money(1950)), Money(-2000))

    def test_a_transfer(self):
        self.members.transfer("ida", "lu", Money(1050))
        self.members.save()
        again = Members(self.path)
        self.assertEqual(again.balance("lu"), Money(1000))
        self.assertEqual(again.balance("ida"), Money(10155))

    def test_a_stranger(self):
        with self.assertRaises(UnknownMember):
            self.members.balance("zoe")

    def test_the_report(self):
        self.assertEqual(reports.balances(self.members), "bo: -1.25 EUR\nida: 112.05 EUR\nlu: -0.50 EUR\nall: 110.30 EUR")
