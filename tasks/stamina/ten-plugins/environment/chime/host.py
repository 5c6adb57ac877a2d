"""Runs plugins of interface 1."""

import importlib
import inspect

COMMANDS = {}


def command(word):
    """Registers a function for texts such as !word."""

    def keep(function):
        COMMANDS[word] = function
        return function

    return keep


class Host:
    """``chain``: a list of (name, options)."""

    def __init__(self, chain, log=None):
        self._plugins = []
        self._log = [] if log is None else log
        for name, options in chain:
            self._plugins.append((importlib.import_module(f"plugins.{name}"), options))

    def send(self, msg):
        """What comes out at the end for a message (a dict)."""
        if msg["text"].startswith("!") and msg["text"][1:] in COMMANDS:
            answer = COMMANDS[msg["text"][1:]](msg)
            return [answer] if answer else []
        msgs = [msg]
        for plugin, conf in self._plugins:
            msgs = [out for one in msgs for out in self._run(plugin, one, conf)]
        return msgs

    def _run(self, plugin, msg, conf):
        try:
            out = plugin.handle(msg, conf)
            if inspect.isgenerator(out):
                out = list(out)
        except StopIteration:
            return []
        except Exception as e:
            self._log.append(f"{plugin.NAME}: {e}")
            return [msg]
        if out is None:
            return []
        if isinstance(out, str):
            return [{**msg, "text": out}]
        return out if isinstance(out, list) else [out]
