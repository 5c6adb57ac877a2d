"""Hidden tests of longest_word: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    best = ""
    for word in text.split():
        if len(word) > len(best):
            best = word
    return best


KNOWN = [
    (("I like bananas",), "bananas"),
    (("",), ""),
    (("one two",), "one"),
    (("a bb  cc d",), "bb"),
    (("single",), "single"),
]
GENERATED = [(" ".join("ab" * (i * i % n) for i in range(n)),) for n in range(1, 9)]

judge("longest_word", reference, KNOWN, GENERATED)
