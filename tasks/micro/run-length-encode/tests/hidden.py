"""Hidden tests of run_length_encode: cases written by hand, then generated ones."""

from function import judge


def reference(text):
    runs = []
    for character in text:
        if runs and runs[-1][0] == character:
            runs[-1][1] += 1
        else:
            runs.append([character, 1])
    return "".join(f"{character}{count}" for character, count in runs)


KNOWN = [
    (("aaabcc",), "a3b1c2"),
    (("",), ""),
    (("a",), "a1"),
    (("abab",), "a1b1a1b1"),
    (("aaaaaaaaaaaa",), "a12"),
    (("aAA",), "a1A2"),
    (("  x",), " 2x1"),
]
GENERATED = [("a" * n + "b" * (n % 3) + "a",) for n in range(13)]

judge("run_length_encode", reference, KNOWN, GENERATED)
