"""A handoff: what the frontier model reads of the work so far. It has the task from then on, and never hands it back.

Nothing that only the local model's own server understands goes along: no reasoning, no signed state, no ids of calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from llmsweep.agent.converse import Work, scene_of
from llmsweep.agent.protocols import PROTOCOLS, protocol, system_prompt
from llmsweep.agent.protocols.base import Handover, head_and_tail, say
from llmsweep.agent.watch import CHECK_FAILED, ENDED, HANDED, HELD, TOOL, Watch, digests, one_line
from llmsweep.errors import ProviderError
from llmsweep.providers.base import Provider
from llmsweep.types import Message, ToolCall, digest

VERSION = 1
"""Raise when what is handed over changes in a way that its texts do not show."""
CLOSING = "I hand this task over."
NOTE = (
    "You take over this task, for good, from the model whose conversation is above. Why: {reason}.\n"
    "The files are as it left them. It may have acted in another way than you do: go by your own instructions, look"
    " before you trust what it said, and finish the task."
)
SUMMARY = (
    "You take over this task, for good, from another model. Why: {reason}.\n"
    "The files are as it left them after {turns}. What it did, as it was recorded:\n\n{facts}\n\n"
    "Look before you trust it, and finish the task."
)
FILES = "Files that differ from the start: {names}"
UNCHANGED = "No file differs from the start."
COMMANDS = "Its last commands:\n{commands}"
CHECK = "The visible check, `{check}`, says now:\n{result}"
EMPTY = "(an empty answer)"
CALLED = "[called {name} with {arguments}]"
RESULT = "[result of {name}]\n{content}"

_MOST_COMMANDS, _COMMAND_CHARS, _MOST_NAMES = 15, 200, 40
_CHECK_CHARS = 3000


def words_digest() -> str:
    """Of all that the harness says because a task can be handed over; a part of the policy, and so of every key."""
    said = [HANDED, HELD, CHECK_FAILED, TOOL, sorted(ENDED.items()), CLOSING, NOTE, SUMMARY, FILES, UNCHANGED]
    said += [COMMANDS, CHECK, EMPTY, CALLED, RESULT]
    return digest([VERSION, said, sorted((name, p.escalation) for name, p in PROTOCOLS.items())])


def taken_over(work: Work, watch: Watch, handover: Handover, provider: Provider) -> Work:
    """The frontier model's work, before its first turn: its own prompt and task text, then what was handed over."""
    policy, spec = watch.policy, work.spec
    cell = policy.frontier
    scene = scene_of(spec, cell, work.sandbox)
    acting = protocol(cell.protocol)
    opening = acting.opening(scene, system_prompt(cell.protocol, cell.prompt))
    if policy.handoff == "summary":
        return _heir(work, watch, provider, [*opening, say(summary(watch, handover))])
    told = work.messages[_opened(work.messages) :]
    known = {tool.name for tool in acting.tools}
    before = translated([*told, Message(role="assistant", content=CLOSING)], known)
    messages = [*opening, *before, say(NOTE.format(reason=handover.reason.rstrip(".")))]
    heir = _heir(work, watch, provider, messages)
    heir.hidden = range(len(opening), len(opening) + len(before))
    return heir


def _heir(work: Work, watch: Watch, provider: Provider, messages: list[Message]) -> Work:
    cell = watch.policy.frontier
    return Work(
        spec=work.spec,
        cell=cell,
        provider=provider,
        scene=scene_of(work.spec, cell, work.sandbox),
        untouched=work.untouched,
        frontier=True,
        earlier=tuple(work.turns),
        tools=protocol(cell.protocol).tools,
        messages=_merged(messages),
    )


@contextmanager
def in_the_name_of(who: str) -> Iterator[None]:
    """Say in a provider's error whose it is."""
    try:
        yield
    except ProviderError as e:
        e.args = (f"{who}: {e}",)
        raise


def summary(watch: Watch, handover: Handover) -> str:
    """What was done, by the record and the files themselves; no model is asked."""
    work, task = watch.work, watch.work.spec.task
    now = digests(work)
    changed = [
        *(f"{name} (new)" for name in now if name not in watch.before),
        *(name for name in now if name in watch.before and now[name] != watch.before[name]),
        *(f"{name} (removed)" for name in watch.before if name not in now),
    ]
    more = f" and {len(changed) - _MOST_NAMES} more" if len(changed) > _MOST_NAMES else ""
    facts = [FILES.format(names=", ".join(changed[:_MOST_NAMES]) + more) if changed else UNCHANGED]
    if watch.commands:
        lines = [f"$ {_short(command)}  [{ended}]" for command, ended in watch.commands[-_MOST_COMMANDS:]]
        facts.append(COMMANDS.format(commands="\n".join(lines)))
    if watch.check() is not None:
        said = head_and_tail(watch.last_check or "", _CHECK_CHARS)
        facts.append(CHECK.format(check=task.check, result=said))
    turns = "1 turn" if len(work.turns) == 1 else f"{len(work.turns)} turns"
    return SUMMARY.format(reason=handover.reason.rstrip("."), turns=turns, facts="\n\n".join(facts))


def _short(command: str) -> str:
    line = one_line(command)
    return line if len(line) <= _COMMAND_CHARS else f"{line[: _COMMAND_CHARS - 3]}..."


def translated(messages: Sequence[Message], known: set[str]) -> list[Message]:
    """A conversation as any other provider may be sent it.

    Calls of the ``known`` tools keep being calls, under new ids that every API takes; others, and those that cannot be
    read, become text. Every call has its result right after it; user and assistant take turns.
    """
    found: list[Message] = []
    open_: list[tuple[str, ToolCall, str | None]] = []
    made = 0
    for message in messages:
        if message.role == "assistant":
            found += _unanswered(open_)
            kept: list[ToolCall] = []
            texts = [message.content] if message.content.strip() else []
            open_ = []
            for call in message.tool_calls:
                new: str | None = None
                if call.name in known and _is_object(call.arguments):
                    made += 1
                    # Nine letters and digits: what the strictest API takes.
                    new = f"call{made:05d}"
                    kept.append(ToolCall(id=new, name=call.name, arguments=call.arguments))
                else:
                    texts.append(CALLED.format(name=call.name, arguments=call.arguments))
                open_.append((call.id, call, new))
            text = "\n\n".join(texts) or ("" if kept else EMPTY)
            found.append(Message(role="assistant", content=text, tool_calls=tuple(kept)))
        elif message.role == "tool":
            found.append(_answer(message, open_))
        elif message.role == "user":
            found += _unanswered(open_)
            open_ = []
            found.append(say(message.content))
    return _merged(_results_first([*found, *_unanswered(open_)]))


def _answer(message: Message, open_: list[tuple[str, ToolCall, str | None]]) -> Message:
    """A call's result, or its text where the call became one."""
    at = next((n for n, (id, _, _) in enumerate(open_) if id == message.tool_call_id), None)
    if at is None:
        return say(message.content)
    _, call, new = open_.pop(at)
    if new is None:
        return say(RESULT.format(name=call.name, content=message.content))
    return Message(role="tool", content=message.content, tool_call_id=new)


def _unanswered(open_: list[tuple[str, ToolCall, str | None]]) -> list[Message]:
    return [Message(role="tool", content=HELD, tool_call_id=new) for _, _, new in open_ if new is not None]


def _results_first(messages: list[Message]) -> list[Message]:
    """After each answer the results of its calls, then what is said to it."""
    found: list[Message] = []
    loose: list[Message] = []
    for message in messages:
        if message.role == "assistant":
            found, loose = [*found, *loose, message], []
        elif message.role == "tool":
            found.append(message)
        else:
            loose.append(message)
    return [*found, *loose]


def _merged(messages: Sequence[Message]) -> list[Message]:
    """What one side says in several messages is one, since some models' templates take nothing else."""
    found: list[Message] = []
    for message in messages:
        last = found[-1] if found else None
        same = last is not None and last.role == message.role and message.role in ("user", "assistant")
        if same and last is not None and not last.tool_calls:
            text = "\n\n".join(part for part in (last.content, message.content) if part)
            found[-1] = Message(role=message.role, content=text, tool_calls=message.tool_calls)
        else:
            found.append(message)
    return found


def _opened(messages: Sequence[Message]) -> int:
    """How many messages the opening has: all before the first answer."""
    answers = (at for at, message in enumerate(messages) if message.role == "assistant")
    return next(answers, len(messages))


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text or "{}"), dict)
    except (ValueError, RecursionError):
        return False
