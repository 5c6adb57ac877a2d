"""Hidden tests of to_uppercase: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    return "".join(letter.upper() for letter in text)


KNOWN = [
    (("hello",), "HELLO"),
    (("",), ""),
    (("Hi there, 3 cats!",), "HI THERE, 3 CATS!"),
    (("ABC",), "ABC"),
]
GENERATED = [(word,) for word in ("a", "mixed CASE", "tab\tand space ", "123", "snake_case")]

judge("to_uppercase", reference, KNOWN, GENERATED)
