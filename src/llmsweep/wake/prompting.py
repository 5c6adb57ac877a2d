"""What a filter is told: a prompt by name or of the user's own file, then the trigger, every line of it marked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from llmsweep.errors import UsageError, nearest
from llmsweep.providers.deciding import Question
from llmsweep.types import Message, digest
from llmsweep.wake.triggers import Labelled

VERSION = 1
"""Raise when what is around prompt and trigger changes: every call is then owed again."""
QUESTION = Question(field="verdict", words=("wake", "skip"))
ASKED = """\
What came in, every line marked with ">":

{quoted}

Is {agent} to be woken for this? Answer {{"verdict": "wake"}} or {{"verdict": "skip"}}."""
_PROMPTS = Path(__file__).parent / "prompts"


@cache
def prompt_text(name: str) -> str:
    """The text of prompts/<name>.md, or of the user's own file where the name ends in .md.

    Raises UsageError where there is none.
    """
    if name.endswith(".md"):
        try:
            return Path(name).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as e:
            raise UsageError(f"prompt={name}: this file cannot be read: {e}.") from e
    known = [path.stem for path in _PROMPTS.glob("*.md")]
    if name not in known:
        raise UsageError(
            f"prompt={name}: the wake filter has no such prompt; {nearest(name, known)} A file of your own ends in .md."
        )
    return (_PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def messages(trigger: Labelled, prompt: str) -> tuple[Message, ...]:
    """The prompt first and alike for all, so that a server has it in its cache."""
    quoted = "\n".join(f"> {line}" if line.strip() else ">" for line in trigger.text.splitlines())
    return (
        Message(role="system", content=prompt_text(prompt).replace("{agent}", trigger.agent)),
        Message(role="user", content=ASKED.format(quoted=quoted, agent=trigger.agent)),
    )


def harness_digest(prompt: str, form: str) -> str:
    """Digest of all that the harness says to a model, and of what holds its answer to the form."""
    return digest(["filter", VERSION, prompt_text(prompt), ASKED, QUESTION, form])
