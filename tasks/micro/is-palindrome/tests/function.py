"""Compares the function in solution.py with what is expected; every task of the suite has this same file."""

import copy
import math

from judge import check, decide, python

CALLS = """
import copy
from solution import {name} as function
done = []
for args in {cases!r}:
    given = copy.deepcopy(args)
    done.append((function(*given), given))
answer(done)
"""


def judge(name, reference, known, generated):
    """Pass where the function ``name`` is right in every case; say the first that is wrong.

    ``known``: (arguments, expected) pairs written by hand. ``generated``: arguments alone, for which
    ``reference`` says what is expected.
    """
    for args, expected in known:
        assert same(reference(*copy.deepcopy(args)), expected), f"the reference is wrong for {name}{args}"
    cases = known + [(args, reference(*copy.deepcopy(args))) for args in generated]

    @check(f"{name} is right in {len(cases)} cases")
    def right():
        done = python(CALLS.format(name=name, cases=[args for args, _ in cases]))
        assert len(done) == len(cases), "not every call was made"
        for (args, expected), (got, given) in zip(cases, done):
            call = f"{name}({', '.join(map(repr, args))})"
            assert same(got, expected), f"{call} returned {got!r}, expected {expected!r}"
            assert given == args, f"{call} changed its arguments to {given!r}"

    decide()


def same(got, expected):
    """Equal in type and value; of numbers only the value counts, and floats may differ by rounding."""
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if not isinstance(got, (int, float)) or isinstance(got, bool):
            return False
        return got == expected or (isinstance(expected, float) and math.isclose(got, expected, abs_tol=1e-9))
    if type(got) is not type(expected):
        return False
    if isinstance(expected, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    return got == expected
