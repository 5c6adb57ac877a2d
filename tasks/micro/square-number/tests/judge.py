"""Compares the function in solution.py with what is expected; every task of the suite has this same file."""

import copy
import importlib
import math
import os
import sys
from pathlib import Path

REWARD = Path(os.environ.get("LOGS_DIR", "/logs")) / "verifier" / "reward.txt"


def judge(name, reference, known, generated):
    """Call the function ``name`` for every case; exit with one sentence at the first that is wrong.

    ``known``: (arguments, expected) pairs written by hand. ``generated``: arguments alone, for which
    ``reference`` says what is expected. All of that is settled before the solution is imported, so that
    nothing which the solution does can bend it.
    """
    for args, expected in known:
        if not same(reference(*copy.deepcopy(args)), expected):
            sys.exit(f"the reference is wrong for {name}{args}")
    cases = known + [(args, reference(*copy.deepcopy(args))) for args in generated]
    attempt = load(name)
    for args, expected in cases:
        given = copy.deepcopy(args)
        got = attempt(*given)
        call = f"{name}({', '.join(map(repr, args))})"
        if not same(got, expected):
            sys.exit(f"{call} returned {got!r}, expected {expected!r}")
        if given != args:
            sys.exit(f"{call} changed its arguments to {given!r}")


def load(name):
    """The function from solution.py in the current directory, which is the workspace."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.getcwd())
    return getattr(importlib.import_module("solution"), name)


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
