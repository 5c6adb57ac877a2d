"""The new names; these tests fail until the renaming is done."""

import unittest

import toolshed
from toolshed import Shed, Tool


class NewNames(unittest.TestCase):
    def test_a_shed_lends_and_takes_back(self):
        shed = Shed([Tool("D1", "drill")])
        self.assertEqual(shed.lend("D1", "ana", 3).due, 10)
        self.assertEqual(shed.take_back("D1", 5), 0)
        self.assertFalse(hasattr(shed, "check_" + "out"))

    def test_the_package_exports_them(self):
        for name in ("lend", "take_back", "LendError", "TakeBackError"):
            self.assertTrue(hasattr(toolshed, name), name)
