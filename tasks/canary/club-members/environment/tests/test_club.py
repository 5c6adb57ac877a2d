import subprocess
import sys
import unittest

from club.listing import listing
from club.members import Member, normal_month


def club(*words):
    return subprocess.run([sys.executable, "-m", "club", "members.csv", *words], capture_output=True, text=True)


class Club(unittest.TestCase):
    def test_months(self):
        self.assertEqual(normal_month("3/2019"), "2019-3")
        self.assertEqual(normal_month("2019-03"), "2019-3")

    def test_listing(self):
        members = [Member("B", "b", "2020-1", ""), Member("A", "a", "2021-1", "")]
        self.assertEqual(listing(members), "A, a (since 2021-1)\nB, b (since 2020-1)")

    def test_active(self):
        self.assertNotIn("Berg", club("--active").stdout)

    def test_joined_since(self):
        done = club("--joined-since", "2020-03")
        self.assertEqual(done.stdout, "Berg, Lea (since 2020-11)\n")

    def test_sort(self):
        names = [line.split(",")[0] for line in club("--sort", "joined").stdout.splitlines()]
        self.assertEqual(names, ["Okafor", "Abel", "Silva", "Berg"])
