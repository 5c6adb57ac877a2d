"""The command line."""

import json
import sys

from chime.api import OptionError, PluginError
from chime.host import Host
from chime.wire import to_json, to_message


def main(args):
    with open(args[0], encoding="utf-8") as file:
        config = json.load(file)
    log = []
    try:
        host = Host([(entry["name"], entry.get("options", {})) for entry in config["plugins"]], log)
    except (OptionError, PluginError) as e:
        return _fail(e)
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            asked = entry["tick"] if "tick" in entry else to_message(entry)
        except (ValueError, KeyError, TypeError):
            return _fail(f"line {number}: no message")
        _print(host.tick(asked) if "tick" in entry else host.send(asked))
    _print(host.close())
    for text in log:
        print(text, file=sys.stderr)
    return 0


def _print(messages):
    for message in messages:
        print(to_json(message), flush=True)


def _fail(why):
    print(f"chime: {why}", file=sys.stderr)
    return 2
