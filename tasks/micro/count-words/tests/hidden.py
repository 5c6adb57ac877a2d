"""Hidden tests of count_words: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    return len([word for word in text.split(" ") if word])


KNOWN = [
    (("the red car",), 3),
    (("",), 0),
    (("one",), 1),
    (("  two   words ",), 2),
    (("   ",), 0),
]
GENERATED = [(" " * left + "go " * n,) for left in range(3) for n in range(5)]

judge("count_words", reference, KNOWN, GENERATED)
