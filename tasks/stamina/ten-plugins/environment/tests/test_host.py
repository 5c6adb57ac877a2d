import json
import subprocess
import sys
import unittest

from chime.api import Message, PluginError
from chime.host import Host


class HostTest(unittest.TestCase):
    def test_a_chain(self):
        host = Host([("translate", {"table": {"teh": "the"}}), ("split", {"width": 8})])
        out = host.send(Message("m1", 0, "mill", ("ops",), "open teh door"))
        self.assertEqual([(m.id, m.text) for m in out], [("m1.1", "open the"), ("m1.2", "door")])

    def test_what_cannot_be_dealt_with_goes_on(self):
        log = []
        host = Host([("split", {"width": 3})], log)
        message = Message("m1", 0, "mill", (), "doors")
        self.assertEqual(host.send(message), [message])
        self.assertEqual(log, ["split: a word is longer than 3"])

    def test_a_stranger(self):
        with self.assertRaises(PluginError):
            Host([("nobody", {})])

    def test_what_is_left_at_the_end_goes_through_the_rest(self):
        host = Host([("digest", {}), ("route", {"rules": [["door", "porter"]]})])
        self.assertEqual(host.send(Message("m1", 0, "mill", (), "door open", frozenset({"low"}))), [])
        (left,) = host.close()
        self.assertEqual((left.id, left.to, left.text), ("digest-1", ("porter",), "mill: door open"))

    def test_the_command_line(self):
        lines = [{"id": "a", "time": 1, "sender": "x", "text": "the PASS"}, {"tick": 9}]
        done = subprocess.run(
            [sys.executable, "-m", "chime", "data/chain.json"],
            input="".join(json.dumps(line) + "\n" for line in lines),
            capture_output=True,
            text=True,
        )
        self.assertEqual(
            done.stdout, '{"id": "a", "time": 1, "sender": "x", "to": ["all"], "text": "the ****", "tags": []}\n'
        )


if __name__ == "__main__":
    unittest.main()
