import subprocess
import sys
import unittest

from feed.price import cents


class Feed(unittest.TestCase):
    def test_cents(self):
        self.assertEqual(cents("12,50"), 1250)
        self.assertEqual(cents("49"), 4900)
        self.assertEqual(cents("7,5"), 750)

    def test_the_file(self):
        done = subprocess.run([sys.executable, "-m", "feed", "prices.csv"], capture_output=True, text=True)
        self.assertEqual(done.stdout, "lamp 1250\nchair 4900\nbed 19990\n3 imported, 4 refused\n")
        self.assertEqual(done.stderr.splitlines()[0], "line 5: bad price")
        self.assertEqual(done.returncode, 1)
