"""Hidden tests of celsius_to_fahrenheit: cases written by hand, then generated ones."""

from function import judge


def reference(celsius):
    return celsius * 1.8 + 32.0


KNOWN = [
    ((100,), 212.0),
    ((0,), 32.0),
    ((-40,), -40.0),
    ((37,), 98.6),
    ((0.5,), 32.9),
]
GENERATED = [(c,) for c in range(-50, 120, 7)]

judge("celsius_to_fahrenheit", reference, KNOWN, GENERATED)
