"""Links of a page of docs/: where they lead in a checkout, and what becomes of those that leave docs/ on the site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REPOSITORY = "https://github.com/llmsweep/llmsweep"
COPIED = "repository"
"""Pictures from outside of docs/ are copied into this folder of the site."""
_FENCE = re.compile(r"^([ >]*)(`{3,}|~{3,})")
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One inline link; ``picture``: it shows what it leads to."""

    line: int
    target: str
    picture: bool

    @property
    def path(self) -> str:
        return self.target.partition("#")[0]

    @property
    def anchor(self) -> str:
        return self.target.partition("#")[2]

    @property
    def elsewhere(self) -> bool:
        """It leads into the net, which nobody asks here."""
        return re.match(r"[a-z]+:", self.target) is not None


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is not within a fenced block; code within a line is blanked."""
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _FENCE.match(line):
            if not fence:
                fence = match[2]
            elif match[2].startswith(fence):
                fence = ""
            continue
        if not fence:
            yield number, re.sub(r"(`+)[^`]+\1", lambda code: " " * len(code[0]), line)


def links(text: str) -> list[Link]:
    """Every inline link of a page. Two lines are read together, since a text may break within its brackets."""
    found = []
    lines = list(prose(text))
    joined = "\n".join(line for _, line in lines)
    for match in _LINK.finditer(joined):
        number = lines[joined[: match.start()].count("\n")][0]
        found.append(Link(line=number, target=match[3], picture=bool(match[1])))
    return found


def anchors(text: str) -> set[str]:
    """The names that GitHub and the site both give to a page's headings."""
    names: set[str] = set()
    for heading in headings(text):
        name = slug(heading)
        count = 0
        while name in names:
            count += 1
            name = f"{slug(heading)}-{count}"
        names.add(name)
    return names


def headings(text: str) -> list[str]:
    """The headings' texts, links and marks taken off."""
    fenced = {number for number, _ in prose(text)}
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if number in fenced and (match := re.match(r"#{1,6} +(.*?) *#*$", line)):
            found.append(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]))
    return found


def slug(heading: str) -> str:
    """GitHub's rule: small letters, digits, ``_`` and ``-`` stay, spaces become ``-``. Where the site's differs, `make docs` ends."""
    kept = "".join(c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
    return kept.strip().replace(" ", "-")


def on_site(text: str, page: Path) -> tuple[str, list[Path]]:
    """The page with links that leave docs/ turned into the repository's, and the pictures that the site must copy."""
    pictures: list[Path] = []

    def turned(match: re.Match[str]) -> str:
        bang, words, target = match.groups()
        path, mark, anchor = target.partition("#")
        if not path or re.match(r"[a-z]+:", target):
            return match[0]
        goal = (page.parent / path).resolve()
        if goal.is_relative_to(DOCS) or not goal.exists():
            return match[0]
        inside = goal.relative_to(ROOT)
        if bang:
            pictures.append(goal)
            return f"![{words}]({COPIED}/{inside})"
        kind = "tree" if goal.is_dir() else "blob"
        return f"[{words}]({REPOSITORY}/{kind}/main/{inside}{mark}{anchor})"

    return _outside_of_fences(text, lambda part: _LINK.sub(turned, part)), pictures


def _outside_of_fences(text: str, change: Callable[[str], str]) -> str:
    parts: list[str] = []
    loose: list[str] = []
    free = {number for number, _ in prose(text)}
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if number in free:
            loose.append(line)
        else:
            parts += [change("".join(loose)), line]
            loose = []
    return "".join((*parts, change("".join(loose))))
