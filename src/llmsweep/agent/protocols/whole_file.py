"""whole_file: the answer carries complete files in fenced blocks; the harness writes them and runs the visible check.

The simplest way to act, for models too weak for tool calls: the harness decides when the work is done
(the visible check passes), the model only writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from llmsweep.agent.protocols.base import Outcome, describe, opening
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import Act, Completion, Message, Observation, Task, Tool

NO_FILE = "Your answer has no file. Send every file whole, in a fenced code block that starts with its name."
CUT = "Your answer was cut off before its end. Send the whole file again, shorter."
CHECK_FAILED = "The check failed.\n\n$ {check}\n{result}\n\nSend the corrected file whole."
NOT_WRITTEN = "{path} could not be written: {error}"

CHECK_CHARS = 1500
"""Characters of the check's output that go back: models that need this protocol have small windows."""

_FENCE = re.compile(r"^[ \t]*```([^\n`]*)\n(.*?)(?:^[ \t]*```[ \t]*$|\Z)", re.M | re.S)
_NAME = re.compile(r"[\w./-]*\w\.\w+$")
_COMMENTED_NAME = re.compile(r"\s*(?:#|//|--|<!--)\s*([\w./-]*\w\.\w+)\s*(?:-->)?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    path: str
    text: str


def files_in(answer: str, default: str | None) -> list[File]:
    """The files in an answer, the last block of each name counting.

    A block is named by the last word of its opening fence, else by a comment in its first line, else
    it is ``default``, which only the first unnamed block can be (what follows is usually an example of use).
    """
    files: dict[str, str] = {}
    unnamed_seen = False
    for info, body in _FENCE.findall(answer):
        name = _named(info, body)
        if name is None:
            if unnamed_seen or default is None or default in files:
                continue
            unnamed_seen, name = True, default
        files[name] = body if body.endswith("\n") else body + "\n"
    return [File(path=path, text=text) for path, text in files.items()]


def _named(info: str, body: str) -> str | None:
    words = info.replace(":", " ").replace("=", " ").replace('"', " ").split()
    if words and _NAME.fullmatch(words[-1]):
        return words[-1]
    first = _COMMENTED_NAME.match(body.partition("\n")[0])
    return first.group(1) if first else None


def only_file_named(prompt: str) -> str | None:
    """The one file that a task's text names in backticks; None where it names none or several."""
    names = set(re.findall(r"`([\w./-]*\w\.\w+)`", prompt))
    return names.pop() if len(names) == 1 else None


class WholeFile:
    name = "whole_file"
    version = 1
    tools: tuple[Tool, ...] = ()
    replies: tuple[str, ...] = (NO_FILE, CUT, CHECK_FAILED, NOT_WRITTEN)

    def opening(self, task: Task, system: str) -> tuple[Message, ...]:
        return opening(task, system)

    def act(self, completion: Completion, task: Task, sandbox: Sandbox) -> Outcome:
        if completion.stop_reason == "length":
            return Outcome(replies=(_say(CUT),), acts=(Act(name="answer", status="truncated"),))
        files = files_in(completion.message.content, only_file_named(task.prompt))
        if not files:
            return Outcome(replies=(_say(NO_FILE),), acts=(Act(name="answer", status="malformed"),))
        acts: list[Act] = []
        for file in files:
            try:
                sandbox.write(file.path, file.text)
            except OSError as e:
                failed = Act(name="write_file", status="failed")
                complaint = NOT_WRITTEN.format(path=file.path, error=e)
                return Outcome(replies=(_say(complaint),), acts=(*acts, failed))
            acts.append(Act(name="write_file", status="ok"))
        if task.check is None:
            return Outcome(acts=tuple(acts), submitted=True)
        result = sandbox.run(task.check, min(60.0, task.timeout_s))
        acts.append(_check(result))
        if result.ok:
            return Outcome(acts=tuple(acts), submitted=True)
        complaint = CHECK_FAILED.format(check=task.check, result=describe(result, CHECK_CHARS))
        return Outcome(replies=(_say(complaint),), acts=tuple(acts))


def _check(result: Observation) -> Act:
    return Act(
        name="check",
        status="killed" if result.killed else "ok" if result.ok else "failed",
        duration_s=result.duration_s,
    )


def _say(text: str) -> Message:
    return Message(role="user", content=text)
