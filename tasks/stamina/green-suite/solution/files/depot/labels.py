"""The text of a label: address, code in groups, and a frame."""

from depot.weights import format_weight

WIDTH = 24


def wrap(text, width=WIDTH):
    """Lines of at most ``width`` characters, broken between words.

    A word that is longer than a line is cut into pieces of a line's width, however many it takes; what is left of it
    begins a line that further words may join.
    """
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        while len(word) > width:
            lines.append(word[:width])
            word = word[width:]
        line = f"{line} {word}".strip()
    return [*lines, line] if line else lines


def spaced(code):
    """A code in groups that people can read out: KD0012345E becomes ``KD 001 2345 E``."""
    return f"{code[:2]} {code[2:5]} {code[5:9]} {code[9:]}"


def label(code, address, grams):
    """The label's lines in a frame of stars."""
    rows = [spaced(code), format_weight(grams), ""]
    for line in address:
        rows += wrap(line)
    edge = "*" * (WIDTH + 4)
    return "\n".join([edge, *(f"* {row:<{WIDTH}} *" for row in rows), edge])
