"""Functions that are called around each movement, named in a JSON file as "module:function"."""

import importlib
import json

ACTIONS = ("check_out", "check_in")
EVENTS = tuple(f"{when}_{action}" for when in ("before", "after") for action in ACTIONS)


class Hooks:
    """``table``: event -> list of functions, each called with tool, member, day."""

    def __init__(self, table=None):
        self.table = {event: [] for event in EVENTS}
        for event, functions in (table or {}).items():
            if event not in self.table:
                raise ValueError(f"{event!r} is no event; events are {', '.join(EVENTS)}")
            self.table[event] = list(functions)

    def fire(self, event, tool, member, day):
        for function in self.table[event]:
            function(tool, member, day)


def load_hooks(path):
    """Hooks from a JSON file."""
    with open(path, encoding="utf-8") as file:
        names = json.load(file)
    return Hooks({event: [_function(name) for name in each] for event, each in names.items()})


def _function(name):
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)
