"""An example for each plugin; docs/interface-v2.md says it all."""

import importlib
import os
import tempfile
import unittest

from chime.api import Message, OptionError

LOW, ALARM = frozenset({"low"}), frozenset({"alarm"})


def made(plugin, **options):
    return importlib.import_module(f"plugins.{plugin}").Plugin(options)


def text(words, **more):
    return Message(**{"id": "m", "time": 0, "sender": "mill", "text": words, **more})


class Plugins(unittest.TestCase):
    def test_archive(self):
        path = os.path.join(tempfile.mkdtemp(), "a.jsonl")
        plugin = made("archive", path=path)
        self.assertEqual(plugin.process(text("hello")), [text("hello")])
        with open(path, encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 1)
        plugin.close()

    def test_count(self):
        plugin = made("count")
        plugin.process(text("hello"))
        (answer,) = plugin.process(text("!count", sender="well"))
        self.assertEqual((answer.id, answer.to, answer.text), ("m-count", ("well",), "mill 1"))

    def test_dedupe(self):
        plugin = made("dedupe", window=10)
        out = [len(plugin.process(text("hello", time=when))) for when in (0, 10, 20, 31)]
        self.assertEqual(out, [1, 0, 0, 1])

    def test_digest(self):
        plugin = made("digest", hold=100)
        self.assertEqual(plugin.process(text("a", tags=LOW)), [])
        self.assertEqual(plugin.tick(99), [])
        self.assertEqual([m.text for m in plugin.tick(100)], ["mill: a"])

    def test_escalate(self):
        plugin = made("escalate", boss="eve", count=2)
        self.assertEqual(plugin.process(text("fire", tags=ALARM))[0].tags, ALARM)
        (urgent,) = plugin.process(text("fire", tags=ALARM, time=5))
        self.assertEqual((urgent.to, urgent.tags), (("eve",), {"alarm", "urgent"}))

    def test_redact(self):
        plugin = made("redact", words_file="data/words.txt")
        self.assertEqual(plugin.process(text("Pass! the passport"))[0].text, "****! the passport")

    def test_route(self):
        plugin = made("route", rules=[["door", "porter"]])
        self.assertEqual(plugin.process(text("a door"))[0].to, ("porter",))
        with self.assertRaises(OptionError):
            made("route", rules=[["(", "porter"]])

    def test_split(self):
        out = made("split", width=5).process(text("one two three"))
        self.assertEqual([(m.id, m.text) for m in out], [("m.1", "one"), ("m.2", "two"), ("m.3", "three")])

    def test_throttle(self):
        plugin = made("throttle", limit=1, period=10)
        self.assertEqual([len(plugin.process(text("x", time=when))) for when in (0, 9, 10)], [1, 0, 1])
        self.assertEqual([(m.id, m.text, m.time) for m in plugin.close()], [("throttle-mill", "dropped 1", 9)])

    def test_translate(self):
        plugin = made("translate", table={"a": "b", "b": "a"})
        self.assertEqual(plugin.process(text("ab"))[0].text, "ba")


if __name__ == "__main__":
    unittest.main()
