"""Hidden tests of count_letters: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    return {character: text.count(character) for character in text}


KNOWN = [
    (("abba",), {"a": 2, "b": 2}),
    (("",), {}),
    (("Aa a",), {"A": 1, "a": 2, " ": 1}),
    (("112",), {"1": 2, "2": 1}),
]
GENERATED = [("ab cA" * n + "x",) for n in range(5)]

judge("count_letters", reference, KNOWN, GENERATED)
