import contextlib
import io
import os
import tempfile
import unittest

from aircast.cli import main
from aircast.config import ConfigError, load


def written(text, name="own.json"):
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
        self.assertEqual((settings["mail"]["server"]["port"], settings["archive"]["keep_days"]), (25, 84))

    def test_a_file_over_the_defaults(self):
        settings = load("examples/small.json", {})
        self.assertEqual((settings["station"]["name"], settings["feed"]["items"]), ("Radio Elm", 20))

    def test_the_environment_over_the_file(self):
        self.assertEqual(load("examples/full.json", {"AIRCAST__MAIL__SERVER__PORT": "2525"})["mail"]["server"]["port"], 2525)

    def test_unknown_keys(self):
        with self.assertRaisesRegex(ConfigError, r"mail\.prot"):
            load(written('{"mail": {"prot": 25}}'), {})
        with self.assertRaisesRegex(ConfigError, r"mail\.prot"):
            load(None, {"AIRCAST__MAIL__PROT": "25"})

    def test_not_a_config(self):
        self.assertRaises(ConfigError, load, written("station = x\n"), {})


class CommandLine(unittest.TestCase):
    def test_show(self):
        self.assertEqual(said("--config", "examples/full.json", "config", "show", "mail.server.port"), (0, "587\n", ""))
        code, _, err = said("config", "show", "nothing")
        self.assertEqual((code, err), (2, "config: unknown key nothing\n"))

    def test_check(self):
        self.assertEqual(said("--config", "examples/small.json", "config", "check"), (0, "ok\n", ""))

    def test_status(self):
        _, out, _ = said("--config", "examples/full.json", "status", "07:30")
        self.assertEqual(out.splitlines()[:2], ["on air: morning", "quiet from 23:00 to 06:00, 48 jingles a day"])
