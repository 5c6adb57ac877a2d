"""Hidden tests of caesar_cipher: cases written by hand, then generated ones."""

from function import judge


def reference(text, shift):
    lower = "abcdefghijklmnopqrstuvwxyz"
    moved = lower[shift % 26 :] + lower[: shift % 26]
    return text.translate(str.maketrans(lower + lower.upper(), moved + moved.upper()))


KNOWN = [
    (("abc xyZ", 2), "cde zaB"),
    (("", 5), ""),
    (("Hello, World!", 0), "Hello, World!"),
    (("abc", -1), "zab"),
    (("abc", 27), "bcd"),
    (("z9 Z", 1), "a9 A"),
]
GENERATED = [("The quick Zebra, 42!", shift) for shift in range(-60, 61, 7)]

judge("caesar_cipher", reference, KNOWN, GENERATED)
