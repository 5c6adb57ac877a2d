"""Hidden tests of is_palindrome: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    return list(text) == list(reversed(text))


KNOWN = [
    (("level",), True),
    (("python",), False),
    (("",), True),
    (("a",), True),
    (("Anna",), False),
    (("ab ba",), True),
    (("a ba",), False),
]
GENERATED = [(word + tail,) for word in ("a", "ab", "noo") for tail in ("", "a", "b", "ba", "oon")]

judge("is_palindrome", reference, KNOWN, GENERATED)
