"""Runs plugins of interface 2."""

import importlib
import importlib.util

from chime.api import Message, PluginError


class Host:
    """``chain``: a list of (name, options). ``log``: a list that gets what went wrong."""

    def __init__(self, chain, log=None):
        self._log = [] if log is None else log
        self._closed = False
        self._plugins = [_plugin(name)(options) for name, options in chain]

    def send(self, message):
        """What comes out at the end of the chain."""
        self._open()
        return self._through([message], 0)

    def tick(self, now):
        """Tells the plugins the time; what comes out at the end."""
        self._open()
        return self._round(lambda plugin: plugin.tick(now))

    def close(self):
        """Ends all; what comes out at the end."""
        if self._closed:
            return []
        self._closed = True
        return self._round(lambda plugin: plugin.close())

    def _open(self):
        if self._closed:
            raise RuntimeError("closed")

    def _round(self, ask):
        out = []
        for place, plugin in enumerate(self._plugins):
            out += self._through(_checked(plugin, ask(plugin)), place + 1)
        return out

    def _through(self, messages, start):
        for plugin in self._plugins[start:]:
            messages = [out for message in messages for out in self._run(plugin, message)]
        return messages

    def _run(self, plugin, message):
        try:
            out = plugin.process(message)
        except PluginError as e:
            self._log.append(str(e))
            return [message]
        return _checked(plugin, out)


def _plugin(name):
    if importlib.util.find_spec(f"plugins.{name}") is None:
        raise PluginError(name, "is not there")
    plugin = getattr(importlib.import_module(f"plugins.{name}"), "Plugin", None)
    if getattr(plugin, "api", None) != 2:
        raise PluginError(name, "is not of interface 2")
    return plugin


def _checked(plugin, out):
    if type(out) is not list or not all(isinstance(message, Message) for message in out):
        raise TypeError(f"{plugin.name} returned {out!r}, which is no list of messages")
    return out
