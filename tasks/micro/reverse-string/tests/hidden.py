"""Hidden tests of reverse_string: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    return "".join(reversed(text))


KNOWN = [
    (("hello",), "olleh"),
    (("",), ""),
    (("a",), "a"),
    (("Ab c",), "c bA"),
    (("12 34",), "43 21"),
]
GENERATED = [(word * n,) for word in ("ab", "x y", "Tea!") for n in range(4)]

judge("reverse_string", reference, KNOWN, GENERATED)
