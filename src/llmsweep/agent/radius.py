"""Rules of blast radius: which actions are handed over before they are carried out, as far as their text tells.

They are rules of thumb and no sandbox: a script that hides what it does is not seen through.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from llmsweep.agent.protocols.base import Wish
from llmsweep.errors import UsageError
from llmsweep.policy import Radius

SHOWN = 120
"""Characters of a command that a reason repeats."""
_FREE = ("/tmp", "/var/tmp", "/dev/null", "/dev/stdout", "/dev/stderr", "/dev/fd", "/dev/shm")
_WRITERS = {"tee", "touch", "mkdir", "rmdir", "rm", "truncate", "chmod", "chown", "mv", "unlink", "shred"}
_TO_LAST = {"cp", "install", "ln", "rsync", "scp"}
_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)(\w+)\1([^\n]*)\n.*?^[ \t]*\2[ \t]*$", re.M | re.S)
_REDIRECT = re.compile(r"(?<![<>&\d])\d?>{1,2}\|?[ \t]*(?!&)([^\s;&|<>()]+)")
_BETWEEN = {";", "&&", "||", "|", "&", "(", ")", "\n", "|&", ";;"}


def check_radius(radius: Radius) -> None:
    """Raises UsageError for a pattern that cannot be used."""
    for number, pattern in enumerate(radius.commands):
        key = f"policy.radius.commands[{number}]={pattern}"
        try:
            fits_all = re.search(pattern, "") is not None
        except re.error as e:
            raise UsageError(f"{key}: it is no regular expression ({e}).") from None
        if fits_all:
            raise UsageError(
                f"{key}: it fits every command, so that every one would be handed over; narrow it."
            )
    for number, glob in enumerate(radius.paths):
        if not glob.strip().strip("*/"):
            raise UsageError(
                f"policy.radius.paths[{number}]={glob}: it fits every file or none; name a part of their paths, such as"
                " **/migrations/**."
            )


def too_large(wish: Wish, radius: Radius, workdir: str) -> str | None:
    """Which action of an answer a rule sends up, and which rule, in words; None where none does."""
    for command in wish.commands:
        for pattern in radius.commands:
            if re.search(pattern, command):
                return f"the command fits {pattern}: {_short(command)}"
    written = [*wish.writes, *(path for command in wish.commands for path in targets(command))]
    for path in written:
        inside = _inside(path, workdir)
        for glob in radius.paths:
            if _glob(glob).fullmatch(inside or path):
                return f"it would write {path}, which fits {glob}"
        if radius.outside and inside is None:
            return f"it would write outside of the task's folder: {path}"
    return None


def targets(command: str) -> list[str]:
    """The paths that a command would write, as far as its text tells: redirections and the usual programs."""
    text = _HEREDOC.sub(lambda found: found.group(3), command)
    found = list(_REDIRECT.findall(text))
    for words in _simple(text):
        name, arguments = PurePosixPath(words[0]).name, [w for w in words[1:] if not w.startswith("-")]
        if name in _WRITERS:
            found += arguments[1:] if name in ("chmod", "chown") else arguments
        elif name in _TO_LAST:
            found += arguments[-1:]
        elif name == "sed" and any(re.match(r"-\w*i|--in-place", word) for word in words[1:]):
            found += arguments[1:]
        elif name == "dd":
            found += [word[3:] for word in arguments if word.startswith("of=")]
    return [path for word in found if (path := word.strip("'\""))]


def _simple(text: str) -> Iterator[list[str]]:
    """The simple commands of a script, each as its words; a line that cannot be read is passed over."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()<>")
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:
            continue
        simple: list[str] = []
        for word in [*words, ";"]:
            if word in _BETWEEN:
                simple = _command(simple)
                if simple:
                    yield simple
                simple = []
            else:
                simple.append(word)


def _command(words: list[str]) -> list[str]:
    """Without redirections, assignments and what only runs another command."""
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif set(word) <= {"<", ">", "&", "|"}:
            skip = True
        elif kept or not (word in ("sudo", "env", "time", "nohup", "exec") or re.match(r"\w+=", word)):
            kept.append(word)
    return kept


def _inside(path: str, workdir: str) -> str | None:
    """The path relative to the task's folder; None outside of it (what may be written anyway is inside)."""
    if path.startswith(("~", "$HOME", "${HOME")):
        return None
    pure = PurePosixPath(path)
    if pure.is_absolute():
        if any(pure.is_relative_to(free) for free in _FREE):
            return path
        if not pure.is_relative_to(workdir):
            return None
        pure = pure.relative_to(workdir)
    depth = 0
    for part in pure.parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return None
    return pure.as_posix()


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    """``**`` is any number of folders, ``*`` and ``?`` stay within one."""
    said = re.escape(pattern.removeprefix("./"))
    said = (
        said.replace(r"\*\*/", "(?:.*/)?")
        .replace(r"\*\*", ".*")
        .replace(r"\*", "[^/]*")
        .replace(r"\?", "[^/]")
    )
    return re.compile(said)


def _short(command: str) -> str:
    text = " ".join(command.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
