"""The page of every verb, as each one's own --help prints it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from unittest.mock import patch

from llmsweep.cli import VERBS, run

HEAD = """\
# Every verb

What `llmsweep VERB --help` prints in this version. Exit codes: 0 fine, 1 the check failed, 2 usage, 3 this environment is
not fit, 130 interrupted. The settings that a sweep takes stand in [every setting](all-settings.md).
"""


def page() -> str:
    """The whole page in Markdown."""
    parts = [HEAD]
    for words, text in helps():
        level = "##" if len(words) == 1 else "###"
        parts.append(f"{level} {' '.join(words)}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def helps() -> Iterator[tuple[list[str], str]]:
    """Each verb, and each verb below one, with its help; a help that was shown already is not shown again."""
    seen: set[str] = set()
    for verb in VERBS:
        text = _help([verb])
        if text not in seen:
            yield [verb], text.split("\nChange any setting")[0] if verb == "sweep" else text
        seen.add(text)
        for below in _below(verb, text):
            deeper = _help([verb, below])
            if deeper not in seen:
                yield [verb, below], deeper
            seen.add(deeper)


def _help(words: list[str]) -> str:
    out = io.StringIO()
    told = redirect_stdout(out), redirect_stderr(out)
    with patch.dict(os.environ, COLUMNS="100"), told[0], told[1], suppress(SystemExit):
        run([*words, "--help"])  # argparse leaves by SystemExit
    return out.getvalue().strip()


def _below(verb: str, text: str) -> list[str]:
    """The verbs below a verb: argparse writes {a,b}, the others begin their usage lines with them."""
    if match := re.search(r"^\s+\{([\w,-]+)\}$", text, re.M):
        return match[1].split(",")
    return [] if verb in ("sweep", "probe") else re.findall(rf"llmsweep {verb} ([a-z]+)(?= )", text)
