"""Takes the arguments of a command apart."""

import re

from larder.errors import Usage

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,19}")


def split(args, valued=(), flags=()):
    """(the arguments that are no options, {option: value}); a flag's value is True.

    ``valued``: options with a value, ``flags``: those without. Raises Usage for an unknown option, one that is given
    twice, and one whose value is missing.
    """
    rest, options, left = [], {}, list(args)
    while left:
        word = left.pop(0)
        if not word.startswith("--"):
            rest.append(word)
            continue
        if word not in valued and word not in flags:
            raise Usage(f"unknown option {word}")
        if word in options:
            raise Usage(f"{word} is given twice")
        if word in valued and (not left or left[0].startswith("--")):
            raise Usage(f"{word} needs a value")
        options[word] = left.pop(0) if word in valued else True
    return rest, options


def name(text):
    """A name or a shelf, once it has been checked. Raises Usage."""
    if not _NAME.fullmatch(text):
        raise Usage(f"{text!r} is no name")
    return text
