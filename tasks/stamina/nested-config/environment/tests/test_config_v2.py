"""A taste of the new settings; docs/config-v2.md says the rest."""

import unittest

from aircast import mail
from aircast.config import ConfigError, load, migrate


class Nested(unittest.TestCase):
    def test_load(self):
        settings = load("examples/full.json", {"AIRCAST__MAIL__SERVER__PORT": "2525"})
        self.assertEqual(settings["mail"]["server"], {"host": "mail.elm.example", "port": 2525, "tls": True})
        self.assertEqual(mail.server(settings), ("mail.elm.example", 2525, True))

    def test_unknown(self):
        with self.assertRaisesRegex(ConfigError, r"mail\.server\.prot"):
            load(None, {"AIRCAST__MAIL__SERVER__PROT": "25"})

    def test_migrate(self):
        self.assertEqual(migrate("[aircast]\nalert_repeat = 15\n"), {"version": 2, "alerts": {"silence": {"repeat_s": 900}}})
