"""Parcel codes: two capital letters, seven digits and a check letter, as in KD0012345E."""

import re

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 check letters; I, O and Q are left out because they are misread."""

_SHAPE = re.compile(r"([A-Z]{2})([0-9]{7})([A-Z])")


def check_letter(prefix, number):
    """The check letter of a code.

    Each of the seven digits counts by its place, the leftmost 7 times, the next one 6 times, down to the last one
    that counts once. To the sum come the places of the two prefix letters in the alphabet (A is 1). The sum modulo 23
    picks the letter from LETTERS (0 is the first).
    """
    digits = f"{number:07d}"
    total = sum(weight * int(digit) for weight, digit in enumerate(digits, 1))
    total += sum(ord(letter) - ord("A") + 1 for letter in prefix)
    return LETTERS[total % len(LETTERS)]


def format_code(prefix, number):
    """The whole code. Raises ValueError for what has no code."""
    if not re.fullmatch("[A-Z]{2}", prefix):
        raise ValueError(f"{prefix!r} is no prefix: two capital letters are needed")
    if not 0 <= number <= 9_999_999:
        raise ValueError(f"{number} has more than seven digits")
    return f"{prefix}{number:07d}{check_letter(prefix, number)}"


def parse_code(text):
    """(prefix, number) of a code as people type it: small letters, blanks and hyphens anywhere are fine.

    Raises ValueError where the shape or the check letter is wrong.
    """
    match = _SHAPE.fullmatch(text.strip(" -").upper())
    if not match:
        raise ValueError(f"{text!r} is no parcel code")
    prefix, number, letter = match[1], int(match[2]), match[3]
    if letter != check_letter(prefix, number):
        raise ValueError(f"{text!r} has a wrong check letter")
    return prefix, number
