"""Reads the practice exercises of Exercism's tracks from folders on disk; nothing of them is executed."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from llmsweep.errors import UsageError

LANGUAGES = {
    ".py": "python",
    ".go": "go",
    ".rs": "rust",
    ".java": "java",
    ".js": "javascript",
    ".ts": "typescript",
}
LANGUAGES |= {
    ".cpp": "cpp",
    ".h": "cpp",
    ".c": "c",
    ".rb": "ruby",
    ".cs": "csharp",
    ".hs": "haskell",
    ".ex": "elixir",
}
SUPPORTED = "python"
PRACTICE = Path("exercises/practice")
ALREADY_DONE = frozenset({"ledger", "markdown"})
"""Exercises to refactor: their stubs pass their tests, which therefore tell nothing."""
TEXTS = ("introduction.md", "introduction.append.md", "instructions.md", "instructions.append.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """What an exercise's folder holds; every mapping is name -> text."""

    slug: str
    prose: str
    stub: dict[str, str]
    example: dict[str, str]
    tests: dict[str, str]
    helpers: dict[str, str]
    shown: dict[str, str]
    difficulty: int


class Ungradable(Exception):
    """Why an exercise is left out, in words that follow its name."""


# Finding


def find_tracks(source: Path) -> list[Path]:
    """The folders of practice exercises in ``source``, all of them in a language that is graded."""
    tracks = [source / PRACTICE] if (source / PRACTICE).is_dir() else []
    tracks = tracks or sorted(path for path in source.glob(f"*/{PRACTICE}") if path.is_dir()) or [source]
    found = {practice: _language(practice) for practice in tracks if exercises(practice)}
    if not found:
        raise UsageError(
            f"{source} holds no exercises of Exercism: looked for {PRACTICE}/<slug>/.meta/config.json in it and in the "
            "folders in it, and for <slug>/.meta/config.json."
        )
    others = sorted({language for language in found.values() if language != SUPPORTED})
    if others:
        good = [practice for practice, language in found.items() if language == SUPPORTED]
        hint = f" Give {good[0].parent.parent} alone." if good else ""
        raise UsageError(
            f"{source} holds exercises in {', '.join(others)}, whose tests cannot be run here; "
            f"supported: {SUPPORTED}.{hint}"
        )
    return list(found)


def exercises(practice: Path) -> list[Path]:
    return sorted(path.parent.parent for path in practice.glob("*/.meta/config.json"))


def _language(practice: Path) -> str:
    """The language of a track, told by its first solution file whose ending is known."""
    endings = []
    for folder in exercises(practice):
        for name in _config(folder / ".meta" / "config.json").get("files", {}).get("solution", ()):
            endings.append(PurePosixPath(str(name)).suffix)
            if endings[-1] in LANGUAGES:
                return LANGUAGES[endings[-1]]
    return f"an unknown language ({endings[0] or 'no ending'})" if endings else "an unknown language"


def difficulties(practice: Path) -> dict[str, Any]:
    """slug -> difficulty as the track's own config.json has them; empty where there is none."""
    config = practice.parent.parent / "config.json"
    if practice.parts[-2:] != PRACTICE.parts or not config.is_file():
        return {}
    listed = _config(config).get("exercises", {})
    return {str(one.get("slug")): one.get("difficulty") for one in listed.get("practice", ())}


def _config(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise UsageError(f"{path}: {e}.") from e
    if not isinstance(found, dict) or not isinstance(found.get("files", {}), dict):
        raise UsageError(f"{path}: it is not a configuration of Exercism.")
    return found


# Reading one exercise


def read_exercise(folder: Path, difficulty: object) -> Exercise:
    """Raises Ungradable."""
    if folder.name in ALREADY_DONE:
        raise Ungradable("its stub passes its tests already")
    config = _config(folder / ".meta" / "config.json")
    listed = {key: _texts(folder, config, key) for key in ("solution", "test", "example", "editor")}
    stub, examples = listed["solution"], listed["example"]
    if not stub or len(stub) != len(examples):
        raise Ungradable(f"{len(examples)} example files stand for {len(stub)} solution files")
    tests = {name: text for name, text in listed["test"].items() if name.endswith(".py") and _has_tests(text)}
    if not tests:
        raise Ungradable("it has no unittest file with tests")
    for name in (*stub, *listed["test"]):
        if name.partition("/")[0].removesuffix(".py") in sys.stdlib_module_names:
            raise Ungradable(f"{name} has the name of a module of Python's own")
    known = {*stub, *listed["test"], *listed["editor"]}
    shown = {**listed["editor"], **_unlisted(folder, known)}
    own = config.get("difficulty", difficulty)
    return Exercise(
        slug=folder.name,
        prose="\n\n".join(text for name in TEXTS if (text := _prose(folder / ".docs" / name))),
        stub=stub,
        example=dict(zip(stub, examples.values(), strict=True)),
        tests=tests,
        helpers={**shown, **{n: t for n, t in listed["test"].items() if n not in tests}},
        shown=shown,
        difficulty=own if isinstance(own, int) else 1,
    )


def _unlisted(folder: Path, known: set[str]) -> dict[str, str]:
    """Further files beside the stub, which learners get too."""
    names = [path.name for path in sorted(folder.iterdir()) if path.is_file() and path.name not in known]
    names = [
        name
        for name in names
        if not name.startswith(".") and name not in ("README.md", "HELP.md", "HINTS.md")
    ]
    return _texts(folder, {"files": {"unlisted": names}}, "unlisted")


def _texts(folder: Path, config: dict[str, Any], key: str) -> dict[str, str]:
    """The files that the exercise's configuration names under ``key``."""
    texts = {}
    for name in map(str, config.get("files", {}).get(key, ())):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise Ungradable(f"{name} lies outside of it")
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            raise Ungradable(f"{name} cannot be read: {e}") from e
    return texts


def _prose(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    except UnicodeDecodeError as e:
        raise Ungradable(f"{path.name} cannot be read: {e}") from e


def _has_tests(text: str) -> bool:
    """Whether a file has a class with test methods. Raises Ungradable where it cannot be parsed."""
    return any(
        isinstance(node, ast.ClassDef)
        and any(isinstance(one, ast.FunctionDef) and one.name.startswith("test") for one in node.body)
        for node in parsed(text).body
    )


def parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as e:
        raise Ungradable(f"a file of it is no Python {sys.version_info[0]}.{sys.version_info[1]}: {e}") from e


def names_in(stub: str) -> Iterator[str]:
    """What a stub defines at its top level."""
    for node in parsed(stub).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))


def wanted_of(exercise: Exercise) -> Iterator[str]:
    """The names that the tests take from the solution."""
    modules = {name.removesuffix(".py") for name in exercise.stub}
    for text in exercise.tests.values():
        nodes = list(ast.walk(parsed(text)))
        called = {
            alias.asname or alias.name
            for node in nodes
            if isinstance(node, ast.Import)
            for alias in node.names
            if alias.name in modules
        }
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module in modules:
                yield from (alias.name for alias in node.names if alias.name != "*")
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in called
            ):
                yield node.attr
