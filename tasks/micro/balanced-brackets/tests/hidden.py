"""Hidden tests of is_balanced: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    text = "".join(character for character in text if character in "()[]{}")
    for _ in range(len(text)):
        for pair in ("()", "[]", "{}"):
            text = text.replace(pair, "")
    return text == ""


KNOWN = [
    (("(a[b]{c})",), True),
    (("(]",), False),
    (("",), True),
    (("no brackets",), True),
    (("([)]",), False),
    ((")(",), False),
    (("((",), False),
    (("}",), False),
    (("{[()()]}",), True),
]
GENERATED = [(a + b + c + d,) for a in "([{" for b in "(x)]" for c in ")]}" for d in ")]}"]

judge("is_balanced", reference, KNOWN, GENERATED)
