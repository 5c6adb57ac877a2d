"""Hidden tests of are_anagrams: cases written by hand, then generated ones."""

from function import judge


def reference(a, b):
    return all(a.lower().count(c) == b.lower().count(c) for c in (a + b).lower())


KNOWN = [
    (("Listen", "Silent"), True),
    (("aab", "abb"), False),
    (("", ""), True),
    (("abc", "abcd"), False),
    (("ab", "BA"), True),
    (("abc", "abd"), False),
]
GENERATED = [(a, b) for a in ("tea", "Eat", "aet", "teas", "tee") for b in ("ate", "TEA", "seat", "eet")]

judge("are_anagrams", reference, KNOWN, GENERATED)
