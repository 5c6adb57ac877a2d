import unittest
from dataclasses import FrozenInstanceError

from chime.api import NEEDED, Message, OptionError, read_options


class Api(unittest.TestCase):
    def test_messages_never_change(self):
        message = Message("m1", 5, "mill", ("ops",), "hello")
        with self.assertRaises(FrozenInstanceError):
            message.text = "bye"
        self.assertEqual(message.but(text="bye").text, "bye")
        self.assertEqual(message.text, "hello")

    def test_options(self):
        known = {"path": (str, NEEDED), "size": (int, 5)}
        self.assertEqual(read_options("x", {"path": "a"}, known), {"path": "a", "size": 5})
        for given in ({}, {"path": 3}, {"path": "a", "size": True}, {"path": "a", "colour": 1}):
            with self.assertRaises(OptionError):
                read_options("x", given, known)
