"""whole_file: the answer carries complete files in fenced blocks; the harness writes them and runs the visible check.

The simplest way to act, for models too weak for tool calls: the model is shown the workspace's files and only writes;
the harness decides when the work is done (the visible check passes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from llmsweep.agent.protocols.base import ESCALATE, Outcome, Scene, Wish, act_of, describe, say
from llmsweep.types import Act, Completion, Message, Slip, Tool

NO_FILE = "Your answer has no file. Send every file whole, in a fenced code block that starts with its name."
CUT = "Your answer was cut off before its end. Send the whole file again, shorter."
CHECK_FAILED = "The check failed.\n\n$ {check}\n{result}\n\nSend the corrected file whole."
NOT_WRITTEN = "{path} could not be written: {error}"

SHOWN = "{prompt}\n\nThe files as they are now:\n{files}"
LEFT_OUT = "Not shown: {names}."

CHECK_CHARS = 1500
"""Characters of the check's output that go back: models that need this protocol have small windows."""

_FENCE = re.compile(r"^[ \t]*(`{3,})([^\n`]*)\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.M | re.S)
_ASKED = re.compile(rf"^\W*{ESCALATE}\b(.*)", re.M)
_PATH = r"[\w./-]*\w\.[A-Za-z]\w*"  # not 3.0, which tasks have in backticks as well
_NAME = re.compile(_PATH)
_COMMENTED_NAME = re.compile(rf"\s*(?:#|//|--|<!--)\s*({_PATH})\s*(?:-->)?\s*$")
_IN_BACKTICKS = re.compile(rf"`({_PATH})`")


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
    for _, info, body in _FENCE.findall(answer):
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
    names = set(_IN_BACKTICKS.findall(prompt))
    return names.pop() if len(names) == 1 else None


class WholeFile:
    name = "whole_file"
    version = 2
    tools: tuple[Tool, ...] = ()
    replies: tuple[str, ...] = (NO_FILE, CUT, CHECK_FAILED, NOT_WRITTEN, SHOWN, LEFT_OUT)
    escalation = (
        "If the task is more than you can do, reply with this line alone, and a stronger model takes over for good:\n\n"
        f"{ESCALATE}: the reason"
    )

    def opening(self, scene: Scene, system: str) -> tuple[Message, ...]:
        shown = shown_files(scene)
        prompt = SHOWN.format(prompt=scene.task.prompt, files=shown) if shown else scene.task.prompt
        return (Message(role="system", content=system), say(prompt))

    def act(self, completion: Completion, scene: Scene) -> Outcome:
        task = scene.task
        if completion.stop_reason == "length":
            return Outcome(
                replies=(say(CUT),), acts=(Act(name="answer", status="truncated"),), slips=("truncated",)
            )
        files, slips = _meant(completion.message, only_file_named(task.prompt))
        if not files:
            acts = () if slips == ("empty",) else (Act(name="answer", status="malformed"),)
            return Outcome(replies=(say(NO_FILE),), acts=acts, slips=slips)
        return _write(files, slips, scene)

    def wish(self, completion: Completion, scene: Scene) -> Wish:
        if completion.stop_reason == "length":
            return Wish()
        asked = _ASKED.search(_FENCE.sub("", completion.message.content))
        files, _ = _meant(completion.message, only_file_named(scene.task.prompt))
        return Wish(
            writes=tuple(file.path for file in files),
            escalate=None if asked is None else asked.group(1).strip(" '\"`:()"),
        )


def _meant(message: Message, default: str | None) -> tuple[list[File], tuple[Slip, ...]]:
    """The files of an answer. Those in reasoning count where the answer is empty and the reasoning ends with them."""
    if message.content.strip():
        files = files_in(message.content, default)
        return files, () if files else ("malformed",)
    reasoning = (message.reasoning or "").strip()
    files = files_in(reasoning, default)
    if files and reasoning.endswith("```"):
        return files, ("call_in_reasoning",)
    return [], ("call_in_reasoning", "malformed") if files else ("empty",)


def _write(files: list[File], slips: tuple[Slip, ...], scene: Scene) -> Outcome:
    """Write the files, then let the visible check say whether that was it."""
    task, recovered = scene.task, bool(slips)
    acts: list[Act] = []
    for file in files:
        try:
            scene.sandbox.write(file.path, file.text)
        except OSError as e:
            failed = Act(name="write_file", status="failed", recovered=recovered)
            complaint = NOT_WRITTEN.format(path=file.path, error=e)
            return Outcome(replies=(say(complaint),), acts=(*acts, failed), slips=slips)
        acts.append(Act(name="write_file", status="ok", recovered=recovered))
    if task.check is None:
        return Outcome(acts=tuple(acts), slips=slips, submitted=True)
    result = scene.sandbox.run(task.check, scene.command_s)
    acts.append(act_of("check", result))
    if result.ok:
        return Outcome(acts=tuple(acts), slips=slips, submitted=True)
    told = describe(result, min(CHECK_CHARS, scene.most_chars))
    complaint = CHECK_FAILED.format(check=task.check, result=told)
    return Outcome(replies=(say(complaint),), acts=tuple(acts), slips=slips)


def shown_files(scene: Scene) -> str:
    """The workspace's text files in fences, those that the task names first, as far as there is room for them whole.

    A model with this protocol cannot look by itself. Room is twice an observation's. A file that is the visible check
    is left out: it is run, what it says comes back, and weak models copy it.
    """
    named = _IN_BACKTICKS.findall(scene.task.prompt)
    check = (scene.task.check or "").split()
    names = [name for name in scene.sandbox.files() if name not in check]
    room, blocks, left = 2 * scene.most_chars, [], []
    for name in sorted(names, key=lambda n: (n not in named, n)):
        text = scene.sandbox.read(name)
        if len(text) > room or "\ufffd" in text or "\0" in text:
            left.append(name)
            continue
        room -= len(text)
        fence = "````" if "```" in text else "```"
        blocks.append(f"\n{fence}{name}\n{text.rstrip()}\n{fence}")
    if left and blocks:
        blocks.append(f"\n{LEFT_OUT.format(names=', '.join(left[:20]))}")
    return "\n".join(blocks)
