"""Hidden tests of title_case: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))


KNOWN = [
    (("the rED car",), "The Red Car"),
    (("",), ""),
    (("don't stop",), "Don't Stop"),
    (("A",), "A"),
    (("mcDONALD farm",), "Mcdonald Farm"),
]
GENERATED = [(" ".join(("hello", "wORLD", "it's", "x")[:n]),) for n in range(5)]

judge("title_case", reference, KNOWN, GENERATED)
