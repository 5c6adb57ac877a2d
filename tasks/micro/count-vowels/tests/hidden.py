"""Hidden tests of count_vowels: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    return len([c for c in text.lower() if c in "aeiou"])


KNOWN = [
    (("Apple",), 2),
    (("",), 0),
    (("rhythm",), 0),
    (("AEIOUaeiou",), 10),
    (("I love you",), 5),
]
GENERATED = [(word,) for word in "The quick brown fox jumped Over a lazy Umbrella Yearly".split()]

judge("count_vowels", reference, KNOWN, GENERATED)
