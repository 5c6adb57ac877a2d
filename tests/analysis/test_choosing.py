"""Choosing a model: the smallest of those that tie with the best and fit, and what is said when there is too little."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from llmsweep.analysis.choosing import Candidate, Room, choose
from llmsweep.analysis.choosing_words import missing, sentence

ROOM = Room(name="box", gb=24.0)


def candidate(name: str, passed: Sequence[int | None], gb: float | None, **changes: object) -> Candidate:
    """``passed``: of two attempts at each task, None: it did not run."""
    given: dict[str, object] = {
        "name": name,
        "origin": f"results/{name}",
        "cell": "baseline",
        "passes": np.array([one or 0 for one in passed]),
        "attempts": np.array([0 if one is None else 2 for one in passed]),
        "seconds": 1.0,
        "tokens": 100.0,
        "memory_gb": gb,
        "rests_on": "as given",
        "cloud": gb is None and "rests_on" not in changes,
        "confirmed": True,
    }
    return Candidate(**{**given, **changes})  # type: ignore[arg-type]


def test_of_equals_the_smallest_is_chosen_and_shown_with_many_tasks():
    same = [2, 2, 2, 0, 2, 2, 1, 2, 2, 2] * 20
    found = choose([candidate("cloud", same, None), candidate("b", same, 20), candidate("a", same, 4)], ROOM)
    assert [one.name for one in found.candidates] == ["a", "b", "cloud"]
    assert found.chosen == 0
    assert found.status == "shown"
    assert "no other is more than 5 points better" in sentence(found)
    assert not any("too few tasks" in one for one in missing(found))


def test_a_smaller_model_that_is_beaten_is_not_chosen():
    weak, strong = [0] * 25 + [2] * 5, [2] * 28 + [0] * 2
    found = choose([candidate("a", weak, 4), candidate("b", strong, 20), candidate("c", strong, 23)], ROOM)
    assert found.candidates[found.chosen or 0].name == "b"
    assert found.tied.tolist() == [False, True, True]


def test_what_does_not_fit_is_not_chosen_and_the_cloud_always_fits():
    weak, strong = [0] * 25 + [2] * 5, [2] * 28 + [0] * 2
    models = [candidate("a", weak, 4), candidate("b", strong, 40)]
    none = choose(models, ROOM)
    assert none.chosen is None
    assert "no model that cannot be told from the best (b) is known to fit box" in sentence(none)
    assert "a is at" in sentence(none)
    found = choose([*models, candidate("paid", strong, None)], ROOM)
    assert found.chosen is not None
    assert found.candidates[found.chosen].name == "paid"


def test_few_tasks_tie_and_that_is_called_undecided():
    found = choose([candidate("a", [2, 0, 0, 0, 2, 0], 4), candidate("b", [2, 2, 2, 0, 2, 0], 20)], ROOM)
    assert found.chosen == 0
    assert found.status == "undecided"
    assert "b is at +33 points" in sentence(found)
    said = " ".join(missing(found))
    assert "too few tasks: on 6 tasks" in said
    assert "between a and b takes about" in said
    assert "no large or cloud model has results here" in said


def test_equals_on_few_tasks_are_provisional_since_a_difference_is_not_excluded():
    same = [2, 2, 0, 2, 1, 2, 2, 0, 2, 2]
    found = choose([candidate("a", same, 4), candidate("b", same, 20)], ROOM)
    assert (found.chosen, found.status) == (0, "provisional")
    assert "which is not the same as being as good: b is at 0 points to it and may be up to" in sentence(
        found
    )


def test_unknown_memory_is_never_taken_to_fit():
    strong = [2] * 28 + [0] * 2
    unknown = candidate("a", strong, None, rests_on="", cloud=False)
    found = choose([unknown, candidate("b", strong, 20)], ROOM)
    assert found.chosen is not None
    assert found.candidates[found.chosen].name == "b"
    assert "say memory.a=GB" in " ".join(missing(found))
    nowhere = choose([candidate("b", strong, 20)], Room(name="box", gb=None))
    assert nowhere.chosen is None
    assert "give host.memory_gb=N" in " ".join(missing(nowhere))


def test_who_shares_too_few_tasks_is_not_compared():
    whole = [2, 2, 1, 2, 2, 1, 2, 2, 2, 2]
    part: list[int | None] = [2, 2, *[None] * 8]
    found = choose([candidate("a", part, 4), candidate("b", whole, 9), candidate("c", whole, 20)], ROOM)
    assert found.candidates[found.chosen or 0].name == "b"
    assert "a: fewer than 5 tasks in common" in " ".join(missing(found))


def test_alone_there_is_nothing_to_tell_it_from_and_nothing_passed_is_no_choice():
    alone = choose([candidate("a", [2] * 30, 4, confirmed=False)], ROOM)
    assert (alone.chosen, alone.status) == (0, "undecided")
    assert "the only model with results" in sentence(alone)
    assert "was not confirmed" in " ".join(missing(alone))
    nothing = choose([candidate("a", [0] * 30, 4), candidate("b", [0] * 30, 8)], ROOM)
    assert nothing.chosen is None
    assert "nothing passed" in sentence(nothing)
    with pytest.raises(ValueError, match="no candidate"):
        choose([], ROOM)
