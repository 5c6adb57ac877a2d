"""Texts and numbers, brought to the length of a field."""

import unicodedata


def text(value, width):
    """A text that fills a field of some bytes."""
    blanks = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in value)
    clean = " ".join(part for part in unicodedata.normalize("NFC", blanks).split(" ") if part)
    kept, size = [], 0
    for character in characters(clean):
        size += len(character.encode())
        if size > width:
            break
        kept.append(character)
    fitting = "".join(kept).rstrip(" ")
    return fitting + " " * (width - len(fitting.encode()))


def characters(clean):
    """The characters of a text, each with its combining marks."""
    found = []
    for one in clean:
        if found and unicodedata.category(one).startswith("M"):
            found[-1] += one
        else:
            found.append(one)
    return found


def number(value, width):
    """A number that fills a field of some bytes."""
    digits = str(value).rjust(width, "0")
    if value < 0 or len(digits) > width:
        raise ValueError(f"{value} does not fit into {width} digits")
    return digits
