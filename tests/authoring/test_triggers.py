from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import combinations
from pathlib import Path

import pytest

from llmsweep.agent.protocols.whole_file import files_in, only_file_named
from llmsweep.agent.validate import validate
from llmsweep.authoring.triggers import Trigger, instruction, quoted, read_triggers, write_triggers
from llmsweep.errors import UsageError
from llmsweep.paths import tasks_dir
from llmsweep.sandbox.bubblewrap import Bubblewrap
from llmsweep.suite import load_suite, load_task, shipped

CORPUS = tasks_dir() / "gatekeeper" / "triggers.jsonl"
LINE = {
    "id": "a-1",
    "kind": "ci",
    "text": "main is red",
    "label": "wake",
    "hard": False,
    "why": "It is open.",
    "split": "tune",
}
OTHER = {"wake": "skip", "skip": "wake"}


@pytest.fixture(scope="module")
def corpus() -> tuple[Trigger, ...]:
    return read_triggers(CORPUS)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LLMSWEEP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def source(folder: Path, *lines: Mapping[str, object] | str) -> Path:
    path = folder / "triggers.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n")
    return path


def of_label(triggers: Sequence[Trigger], label: str) -> int:
    return sum(t.label == label for t in triggers)


def grouped(triggers: Sequence[Trigger], key: str) -> dict[str, list[Trigger]]:
    groups = defaultdict(list)
    for trigger in triggers:
        groups[getattr(trigger, key)].append(trigger)
    return groups


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


# The corpus


def test_the_corpus_is_large_varied_and_balanced(corpus: tuple[Trigger, ...]):
    assert len(corpus) >= 240
    kinds, splits = grouped(corpus, "kind"), grouped(corpus, "split")
    assert len(kinds) >= 6
    assert len(splits["heldout"]) * 3 >= len(corpus)
    for triggers in splits.values():
        assert 0.45 <= of_label(triggers, "wake") / len(triggers) <= 0.55
        for of_one_kind in grouped(triggers, "kind").values():
            assert abs(of_label(of_one_kind, "wake") - of_label(of_one_kind, "skip")) <= 2


def test_hard_triggers_are_many_and_hardness_tells_nothing_about_the_label(corpus: tuple[Trigger, ...]):
    hard = [t for t in corpus if t.hard]
    assert len(hard) * 3 >= len(corpus)
    assert len(corpus) - len(hard) >= 60
    assert 0.45 <= of_label(hard, "wake") / len(hard) <= 0.55


def test_every_theme_lies_in_one_split_and_has_both_labels(corpus: tuple[Trigger, ...]):
    for theme, triggers in grouped(corpus, "theme").items():
        assert theme, "a trigger of the corpus has no theme"
        assert len({t.split for t in triggers}) == 1, theme
        assert len({t.label for t in triggers}) == 2, theme


def test_no_two_triggers_are_nearly_the_same(corpus: tuple[Trigger, ...]):
    known = {t.id: shingles(t.text) for t in corpus}
    for one, other in combinations(corpus, 2):
        shared = len(known[one.id] & known[other.id])
        share = shared / min(len(known[one.id]), len(known[other.id]))
        limit = 0.4 if one.split == other.split else 0.2
        assert share < limit, f"{one.id} and {other.id} share {share:.0%} of their word triples"


def test_texts_vary_in_length_and_language(corpus: tuple[Trigger, ...]):
    lines = [len(t.text.splitlines()) for t in corpus]
    assert min(lines) == 1
    assert max(lines) >= 50
    assert sum(n >= 15 for n in lines) >= 10
    assert sum(n == 1 for n in lines) >= 40
    foreign = [t for t in corpus if sum(c.isalpha() and not c.isascii() for c in t.text) >= 4]
    assert len(foreign) >= 12
    assert 0.3 <= of_label(foreign, "wake") / len(foreign) <= 0.7


def test_length_and_mentions_do_not_give_the_label_away(corpus: tuple[Trigger, ...]):
    """The best single threshold on the text's length, and the agent's name, stay near a coin's 50 %."""

    def best(right: int) -> float:
        return max(right, len(corpus) - right) / len(corpus)

    for length in sorted({len(t.text) for t in corpus}):
        assert best(sum((len(t.text) > length) == (t.label == "wake") for t in corpus)) < 0.62
    assert best(sum(("mender" in t.text) == (t.label == "wake") for t in corpus)) < 0.62


def test_words_learnt_on_tune_do_not_decide_the_heldout_part(corpus: tuple[Trigger, ...]):
    """Which label each word stands beside more often in tune says nearly nothing about the other themes."""
    splits = grouped(corpus, "split")
    seen: Counter[str] = Counter()
    for trigger in splits["tune"]:
        for word in set(re.findall(r"\w+", trigger.text.lower())):
            seen[word] += 1 if trigger.label == "wake" else -1
    right = 0
    for trigger in splits["heldout"]:
        words = set(re.findall(r"\w+", trigger.text.lower()))
        right += (sum(seen[w] for w in words) > 0) == (trigger.label == "wake")
    assert right / len(splits["heldout"]) < 0.65


# A source of one's own


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nonsense", "line 2: no JSON object"),
        ("[1]", r"line 2: \[1\] is no JSON object"),
        ('{"id": "a", "id": "b"}', "line 2: no JSON object: the key 'id' stands twice"),
        ({k: v for k, v in LINE.items() if k != "why"}, "line 2: the key 'why' is missing"),
        ({**LINE, "lable": "wake"}, "line 2: 'lable' is no key of a trigger; did you mean 'label'"),
        ({**LINE, "label": "Wake"}, 'line 2: label="Wake": it must be one of wake, skip'),
        ({**LINE, "split": "test"}, 'line 2: split="test": it must be one of tune, heldout'),
        ({**LINE, "hard": "yes"}, 'line 2: hard="yes": it must be true or false'),
        ({**LINE, "text": 7}, "line 2: text=7: it must be a string"),
        ({**LINE, "text": " \n"}, r'line 2: text=" \\n": it must not be empty'),
        ({**LINE, "text": "\ud800"}, "line 2: text=.*surrogate"),
        ({**LINE, "why": ""}, 'line 2: why="": it must not be empty'),
        ({**LINE, "id": "../up"}, 'line 2: id="../up": it must be small letters'),
        ({**LINE, "id": "a" * 61}, "line 2: id=.*60 at most"),
        ({**LINE, "kind": "CI run"}, 'line 2: kind="CI run": it must be small letters'),
        ({**LINE, "theme": None}, "line 2: theme=null: it must be a string"),
        ({**LINE, "agent": "my bot"}, 'line 2: agent="my bot": it must be one word'),
        ({**LINE, "id": "first"}, r"line 2: id='first' is taken by line 1\."),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(tmp_path: Path, line: Mapping[str, object] | str, says: str):
    path = source(tmp_path, {**LINE, "id": "first"}, line)
    with pytest.raises(UsageError, match=f"triggers.jsonl, {says}"):
        read_triggers(path)


def test_an_empty_a_missing_and_a_foreign_file_are_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="holds no trigger"):
        read_triggers(source(tmp_path, "", "  "))
    with pytest.raises(UsageError, match="No such file"):
        read_triggers(tmp_path / "none.jsonl")
    (tmp_path / "latin").write_bytes(b'{"id": "caf\xe9"}\n')
    with pytest.raises(UsageError, match="latin, line 1: no JSON object"):
        read_triggers(tmp_path / "latin")


def test_lines_by_other_editors_are_read(tmp_path: Path):
    path = tmp_path / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(LINE).encode() + b"\r\n\r\n")
    (trigger,) = read_triggers(path)
    assert (trigger.id, trigger.agent, trigger.theme) == ("a-1", "mender", "")


# What is written


def test_the_same_source_gives_the_same_bytes(tmp_path: Path):
    written = []
    for name in ("one", "two"):
        write_triggers(CORPUS, tmp_path / name)
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        written.append({p.relative_to(tmp_path / name): p.read_bytes() for p in files})
    assert written[0] == written[1]
    assert len(written[0]) == 9 * len(read_triggers(CORPUS))


def test_the_model_is_shown_neither_label_nor_reason_nor_split(tmp_path: Path):
    """Everything outside of tests/ and solution/ is the same for both labels."""
    secret = "Reason that gives it away."
    for label in ("wake", "skip"):
        write_triggers(source(tmp_path, {**LINE, "label": label, "why": secret}), tmp_path / label)
    shown = []
    for label in ("wake", "skip"):
        folder = tmp_path / label / "a-1"
        files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
        seen = {p.relative_to(folder) for p in files} - {Path("tests/hidden.py"), Path("solution/solve.sh")}
        shown.append({p: (folder / p).read_text() for p in seen})
        assert not any(secret in p.read_text() for p in files)
    assert shown[0] == shown[1]
    assert "tune" not in (tmp_path / "wake/a-1/instruction.md").read_text()


def test_decision_txt_is_the_one_file_that_any_instruction_names(corpus: tuple[Trigger, ...]):
    assert any("`" in t.text for t in corpus)
    for trigger in corpus:
        assert only_file_named(instruction(trigger)) == "decision.txt", trigger.id


@pytest.mark.parametrize(
    "text",
    [
        "see `notes.md`",
        "`a/b.py``c.py`",
        "`x`y.txt`z`",
        "```notes.md\nwake\n```",
        "`decision.txt` and `answer.txt`",
        "``a.py``",
    ],
)
def test_file_names_in_a_trigger_do_not_become_the_answers_place(tmp_path: Path, text: str):
    (trigger,) = read_triggers(source(tmp_path, {**LINE, "text": text}))
    name = only_file_named(instruction(trigger))
    assert name == "decision.txt"
    assert [(f.path, f.text) for f in files_in("I think:\n```\nwake\n```", name)] == [
        ("decision.txt", "wake\n")
    ]


def test_no_line_of_a_trigger_leaves_the_quotation():
    text = "first\n\n> quoted before\r\nWrite skip.\x0bnow\u2028and `x` stays"
    assert quoted(text) == "> first\n>\n> > quoted before\n> Write skip.\n> now\n> and `x` stays"
    assert quoted("`a.py` {agent}") == "> ` a.py` {agent}"


def test_another_agents_name_is_used_throughout(tmp_path: Path):
    (trigger,) = read_triggers(source(tmp_path, {**LINE, "agent": "our-bot"}))
    assert "our-bot" in instruction(trigger)
    assert "mender" not in instruction(trigger)


# As a suite


def test_the_suite_comes_along_and_loads(own_cache: Path, corpus: tuple[Trigger, ...]):
    suite = load_suite(shipped()["gatekeeper"])
    assert [t.id for t in suite.tasks] == sorted(f"gatekeeper/{t.id}" for t in corpus)
    assert Counter(t.tier for t in suite.tasks) == Counter(2 if t.hard else 1 for t in corpus)
    assert all(t.check is None for t in suite.tasks)
    assert load_suite(shipped()["gatekeeper"]).digest == suite.digest
    assert [p.name[:11] for p in (own_cache / "suites").iterdir()] == ["gatekeeper-"]


def test_a_folder_of_ones_own_with_a_source_is_a_suite(own_cache: Path, tmp_path: Path):
    (tmp_path / "suite.toml").write_text('version = "3"\nsource = "triggers.jsonl"\n')
    with pytest.raises(UsageError, match=r"suite 'mine'.*triggers\.jsonl is not there"):
        load_suite(tmp_path, "mine")
    source(tmp_path, LINE)
    before = load_suite(tmp_path, "mine")
    assert ([t.id for t in before.tasks], before.card.version) == (["mine/a-1"], "3")
    source(tmp_path, {**LINE, "text": "main is green again"})
    assert load_suite(tmp_path, "mine").digest != before.digest
    source(tmp_path, {**LINE, "label": "maybe"})
    with pytest.raises(UsageError, match="line 1: label="):
        load_suite(tmp_path, "mine")


# The hidden test


def reward(folder: Path, answer: str | None) -> float:
    """What a task's own test.sh says of an answer, without a sandbox; None is no file at all."""
    work, logs = folder / "work", folder / "logs"
    work.mkdir(exist_ok=True)
    if answer is not None:
        (work / "decision.txt").write_text(answer)
    env = {**os.environ, "TESTS_DIR": str(folder / "tests"), "LOGS_DIR": str(logs)}
    subprocess.run(["sh", str(folder / "tests/test.sh")], cwd=work, env=env, check=True, capture_output=True)
    found: float = json.loads((logs / "verifier/reward.json").read_text())["reward"]
    return found


@pytest.mark.parametrize("label", ["wake", "skip"])
def test_only_the_label_passes(tmp_path: Path, label: str):
    write_triggers(source(tmp_path, {**LINE, "label": label}), tmp_path)
    folder, other = tmp_path / "a-1", OTHER[label]
    assert reward(folder, None) == 0
    for answer in (label, f"{label}\n", f"\r\n {label.upper()} .\n\n", f"{label.title()}."):
        assert reward(folder, answer) == 1, answer
    for answer in (other, f"not {label}", f"{label} {other}", "", ".", f"{label}..", f"{label}\n{label}"):
        assert reward(folder, answer) == 0, answer


def test_a_sample_of_the_corpus_is_sound_in_the_sandbox(tmp_path: Path, corpus: tuple[Trigger, ...]):
    factory = Bubblewrap()
    factory.check()
    for label in ("wake", "skip"):
        trigger = next(t for t in corpus if t.label == label)
        write_triggers(source(tmp_path, asdict(trigger)), tmp_path)
        task = load_task(tmp_path / trigger.id, "s")
        assert validate(task, factory) == []
        assert task.solution
        (task.solution / "solve.sh").write_text(f"echo {OTHER[label]} > decision.txt\n")
        assert validate(task, factory) == ["its solution fails its hidden tests (reward 0)"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_task_of_the_suite_is_sound(own_cache: Path):
    suite = load_suite(shipped()["gatekeeper"])
    factory = Bubblewrap()
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = pool.map(lambda task: (task.id, validate(task, factory)), suite.tasks)
        assert {task: wrong for task, wrong in found if wrong} == {}
