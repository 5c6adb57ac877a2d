"""The command line: finds the command's module, runs it, saves what it changed."""

import importlib
import importlib.util
import os
import pkgutil
import sys

from larder import commands, store
from larder.errors import Nothing, Refused, Usage


def main(args):
    try:
        for line in _run(list(args)):
            print(line)
    except Nothing:
        return 1
    except Usage as e:
        print(f"larder: {e}", file=sys.stderr)
        return 2
    except Refused as e:
        print(f"larder: {e}", file=sys.stderr)
        return 3
    return 0


def names():
    """The commands that are there."""
    return sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(commands.__path__) if not module.name.startswith("_"))


def _run(args):
    path = os.environ.get("LARDER", "pantry.larder")
    if args[:1] == ["--file"]:
        if len(args) < 2:
            raise Usage("--file needs a value")
        path, args = args[1], args[2:]
    if not args or args[0] not in names():
        raise Usage(f"commands: {', '.join(names())}")
    word, *rest = args
    # A name that is a word of Python has an underscore behind it: commands/import_.py
    suffix = "" if importlib.util.find_spec(f"larder.commands.{word}") else "_"
    module = importlib.import_module(f"larder.commands.{word}{suffix}")
    if word == "init":
        return module.run(path, rest)
    pantry = store.load(path)
    before = store.show(pantry)
    lines = module.run(pantry, rest)
    if store.show(pantry) != before:
        store.save(pantry, path)
    return lines
