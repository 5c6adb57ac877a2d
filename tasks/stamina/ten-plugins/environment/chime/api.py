"""The types of interface 2 (docs/interface-v2.md)."""

from dataclasses import dataclass, replace

NEEDED = object()
"""Stands for the default of an option that must be given."""


class PluginError(Exception):
    """A plugin cannot be had, or cannot deal with a message."""

    def __init__(self, plugin, why):
        super().__init__(f"{plugin}: {why}")
        self.plugin, self.why = plugin, why


class OptionError(Exception):
    """An option of a plugin is wrong."""

    def __init__(self, plugin, option, why):
        super().__init__(f"{plugin}: option {option}: {why}")
        self.plugin, self.option, self.why = plugin, option, why


@dataclass(frozen=True)
class Message:
    id: str
    time: int
    sender: str
    to: tuple = ()
    text: str = ""
    tags: frozenset = frozenset()

    def but(self, **changes):
        """A copy with some fields changed."""
        return replace(self, **changes)


def read_options(plugin, given, known):
    """All options with their values: ``known`` is {option: (type, default)}; a default of NEEDED must be given.

    Raises OptionError for an unknown option, one that is missing, and one of another type (True is no whole number).
    """
    for option in given:
        if option not in known:
            raise OptionError(plugin, option, "there is no such option")
    values = {}
    for option, (kind, default) in known.items():
        value = given.get(option, default)
        if value is NEEDED:
            raise OptionError(plugin, option, "it is needed")
        if type(value) is not kind:
            raise OptionError(plugin, option, f"{value!r} is no {kind.__name__}")
        values[option] = value
    return values
