"""Hidden tests of compare_versions: cases written by hand, then generated ones."""

from function import judge


def reference(a, b):
    left, right = [int(part) for part in a.split(".")], [int(part) for part in b.split(".")]
    for i in range(max(len(left), len(right))):
        x = left[i] if i < len(left) else 0
        y = right[i] if i < len(right) else 0
        if x != y:
            return 1 if x > y else -1
    return 0


KNOWN = [
    (("1.2", "1.10"), -1),
    (("2.0", "1.9.9"), 1),
    (("1.0", "1"), 0),
    (("1.0.1", "1"), 1),
    (("1", "1.0.0"), 0),
    (("1.01", "1.1"), 0),
    (("0.9", "1"), -1),
]
GENERATED = [(a, b) for a in ("1", "1.0.2", "1.10", "2") for b in ("1.0.0", "1.2", "1.9", "10", "2.0.0")]

judge("compare_versions", reference, KNOWN, GENERATED)
