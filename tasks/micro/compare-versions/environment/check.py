"""The visible check of solution.py."""

import sys

sys.dont_write_bytecode = True  # an old compiled solution must never answer for a new one

from solution import compare_versions

got = compare_versions("1.2", "1.10")
assert got == -1, f"compare_versions('1.2', '1.10') returned {got!r}, expected -1"

got = compare_versions("1.0", "1")
assert got == 0, f"compare_versions('1.0', '1') returned {got!r}, expected 0"

print("check passed")
