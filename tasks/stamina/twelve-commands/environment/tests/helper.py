"""Runs commands on a copy of the example."""

import contextlib
import io
import os
import shutil
import tempfile
import unittest

from larder.cli import main


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "pantry.larder")
        shutil.copy("data/example.larder", self.path)

    def ask(self, *args):
        """(exit code, lines on stdout, message on stderr)."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--file", self.path, *args])
        return code, out.getvalue().splitlines(), err.getvalue().strip()

    def text(self):
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    def good(self, *args):
        code, lines, err = self.ask(*args)
        self.assertEqual((code, err), (0, ""))
        return lines
