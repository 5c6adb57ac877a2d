import contextlib
import io
import os
import tempfile
import unittest

from aircast.cli import main
from aircast.config import ConfigError, load


def written(text, name="own.ini"):
    """The path of a new file with this text."""
    path = os.path.join(tempfile.mkdtemp(), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def said(*argv):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = main(list(argv))
    return code, out.getvalue(), err.getvalue()


class Loading(unittest.TestCase):
    def test_defaults(self):
        settings = load(None, {})
        self.assertEqual((settings["mail_port"], settings["archive_keep"]), ("25", "12w"))

    def test_a_file_over_the_defaults(self):
        settings = load("examples/small.ini", {})
        self.assertEqual((settings["station"], settings["feed_items"]), ("Radio Elm", "20"))

    def test_the_environment_over_the_file(self):
        self.assertEqual(load("examples/full.ini", {"AIRCAST_MAIL_PORT": "2525"})["mail_port"], "2525")

    def test_unknown_keys(self):
        with self.assertRaisesRegex(ConfigError, "mail_prot"):
            load(written("[aircast]\nmail_prot = 25\n"), {})
        with self.assertRaisesRegex(ConfigError, "mail_prot"):
            load(None, {"AIRCAST_MAIL_PROT": "25"})

    def test_not_a_config(self):
        self.assertRaises(ConfigError, load, written("station = x\n"), {})


class CommandLine(unittest.TestCase):
    def test_show(self):
        self.assertEqual(said("--config", "examples/full.ini", "config", "show", "mail_port"), (0, "587\n", ""))
        code, _, err = said("config", "show", "nothing")
        self.assertEqual((code, err), (2, "config: unknown key nothing\n"))

    def test_check(self):
        self.assertEqual(said("--config", "examples/small.ini", "config", "check"), (0, "ok\n", ""))

    def test_status(self):
        _, out, _ = said("--config", "examples/full.ini", "status", "07:30")
        self.assertEqual(out.splitlines()[:2], ["on air: morning", "quiet from 23:00 to 06:00, 48 jingles a day"])
