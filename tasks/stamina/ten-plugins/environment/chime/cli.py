"""The command line."""

import json
import sys

from chime.host import Host


def main(args):
    with open(args[0], encoding="utf-8") as file:
        config = json.load(file)
    host = Host([(entry["name"], entry.get("options", {})) for entry in config["plugins"]])
    for line in sys.stdin:
        entry = json.loads(line)
        if "tick" in entry:
            continue
        entry = {"to": [], "tags": [], **entry, "from": entry["sender"]}
        for msg in host.send(entry):
            print(json.dumps(msg))
    return 0
