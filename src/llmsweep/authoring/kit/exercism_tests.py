"""Grades an exercise by its own unittest files, which import the solution and so run in one process with it, not here.

Every trial is a fresh rewriting of those files, so that a solution that meddles with the tests cannot know what to say:

- each test gets a random name;
- each test gets up to three twins, the same test with one demand turned false (another value, another exception, the
  opposite assertion): no solution can pass both, so whatever passes both is lying;
- each class gets tripwires, tests that must fail whatever the solution does;
- what the runner reports for each carries a code of a random key.

A solution passes where every test is reported exactly once as passed and every twin and tripwire exactly once as
failed. Where a test and a twin of it, or a tripwire, are reported as passed, nothing that was reported counts.

This stops: replaced or deleted tests, ending the process, printed verdicts, handlers at exit, patched assertions and
runners, values that are equal to everything. It does not stop a solution that finds the runner's objects in its
process's memory, reports in its name, and guesses for every test which of the two versions is the true one, nor one that
knows the answers by heart, as from having seen the exercise. Needs Python 3.9 and judge.py.
"""

import hashlib
import json
import os
import secrets
from collections import Counter, namedtuple

from exercism_twins import rewritten
from judge import Failed, check, decide, milestone, run

HERE = os.path.dirname(os.path.abspath(__file__))
MOST_MILESTONES = 60
TRIAL_S = 60.0
STUB_S = 20.0
TEST_S = 20.0

Trial = namedtuple("Trial", "passed failed lies")


def judge_exercise(tests, helpers, solution):
    """Decide. ``tests``: the files with test classes; ``helpers``: what they import; both lie in exercise/, and the
    untouched ``solution`` files in stub/."""
    texts = {name: text_of("exercise", name) for name in tests}
    helpers = {name: text_of("exercise", name) for name in helpers}
    names = list(dict.fromkeys(case.test for case in rewritten(texts)[1] if case.kind == "test"))
    if not names:
        raise SystemExit("the exercise has no tests")
    parts = set()
    if len(names) <= MOST_MILESTONES:
        # Some tests hold on the untouched stub (what is None there may have to be None): those are no progress.
        stub = {name: text_of("stub", name) for name in solution}
        parts = set(names) - trial(texts, {**helpers, **stub}, STUB_S).passed
        if not parts:
            raise SystemExit("the untouched stub passes every test, so that they can tell nothing")
    found = trial(texts, helpers, TRIAL_S)
    for name in names:
        (milestone if name in parts else check)(name)(lambda name=name: demand(name, found))
    check("what must fail fails")(lambda: no_lies(found))
    decide()


def demand(name, found):
    assert not found.lies, "nothing counts: %s" % found.lies[0]
    assert name not in found.failed, "it fails"
    assert name in found.passed, "it was not run to its end"


def no_lies(found):
    assert not found.lies, found.lies[0]


def text_of(folder, name):
    with open(os.path.join(HERE, folder, name), encoding="utf-8") as file:
        return file.read()


# One trial


def trial(texts, beside, seconds):
    """What the workspace's code does with a fresh rewriting of the tests: names of tests, and lies that were told."""
    files, cases = rewritten(texts)
    key = secrets.token_bytes(32)
    asked = {
        "key": key.hex(),
        "files": {**beside, **files},
        "order": [(case.module, case.name) for case in cases],
        "test_s": min(TEST_S, seconds),
    }
    with open(os.path.join(HERE, "exercism_runner.py"), encoding="utf-8") as file:
        command = "exec python3 -I -B -c '%s'" % file.read().replace("'", "'\\''")
    try:
        done = run(command, stdin=json.dumps(asked), timeout_s=seconds)
    except Failed as e:
        return Trial(set(), set(), [str(e)])
    if done.stderr:
        print(done.stderr.strip()[-500:])
    return verdict(cases, reported(done.stdout, key))


def reported(text, key):
    """How often each (test, outcome) was reported with the right code."""
    lines = Counter()
    for line in text.split("\n"):
        said, _, code = line.rpartition(" ")
        if secrets.compare_digest(code.encode(), code_of(said, key).encode()):
            lines[tuple(said.split(" "))] += 1
    return lines


def code_of(said, key):
    return hashlib.blake2b(said.encode(), key=key, digest_size=16).hexdigest()


def verdict(cases, lines):
    passed, failed, lies = set(), set(), []
    outcomes = {}  # of one test or of the tripwires, over all of its cases
    for case in cases:
        good, bad = lines[case.name, "passed"], lines[case.name, "failed"]
        if good + bad > 1:
            lies.append("a test was reported more than once")
        outcomes.setdefault((case.test, case.kind), set()).add(
            "passed" if good else "failed" if bad else "missing"
        )
    for (test, kind), seen in outcomes.items():
        if kind == "test":
            (passed if seen == {"passed"} else failed if "failed" in seen else set()).add(test)
        elif kind == "tripwire" and "passed" in seen:
            lies.append("a test that must fail was reported as passed")
    for case in cases:
        if case.kind == "twin" and case.test in passed and lines[case.name, "passed"]:
            lies.append("%s passed, and so did the opposite of what it demands" % case.test)
    whole = all(case.test in passed for case in cases if case.kind == "test")
    if whole and any("missing" in seen for seen in outcomes.values()):
        lies.append("a test that must fail was not run to its end")
    return Trial(passed, failed, lies)
