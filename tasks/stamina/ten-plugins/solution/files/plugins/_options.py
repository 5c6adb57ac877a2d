"""Checks that several plugins need."""

from chime.api import OptionError


def at_least(plugin, options, **least):
    for option, bound in least.items():
        if options[option] < bound:
            raise OptionError(plugin, option, f"{options[option]} is below {bound}")
