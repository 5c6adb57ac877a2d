"""native: the model acts by tool calls (bash, read_file, write_file, str_replace, submit) and says itself when it is done.

A call that it writes as text instead is carried out where only one reading is possible, and counted as recovered; its
result then comes as a user message, because there is no call that a tool message could answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from llmsweep.agent.protocols.base import (
    ESCALATE,
    Outcome,
    Scene,
    Wish,
    act_of,
    describe,
    head_and_tail,
    opening,
    say,
)
from llmsweep.agent.protocols.recover import call_at_end, calls_in, mentions_call
from llmsweep.types import Act, Completion, Message, Slip, Tool, ToolCall

CALL_A_TOOL = "You called no tool. Work with the tools; when everything is done, call submit."
CALL_IT = "You wrote a tool call as text, and it was not carried out. Call one tool, and write nothing else."
CUT = "Your answer was cut off at its token limit. Go on with one short tool call."
BROKEN = "error: {problem}"
RECOVERED = "[result of {name}, which you wrote as text; call the tool next time]\n{result}"
NO_FILE = "{problem}; the workspace has {names}"

_NAMES = 20
_PARAMETERS: dict[str, tuple[str, ...]] = {}


def _tool(name: str, description: str, **parameters: str) -> Tool:
    """A tool whose parameters are all required strings, given as name=description."""
    _PARAMETERS[name] = tuple(parameters)
    return Tool(
        name=name,
        description=description,
        parameters={
            "type": "object",
            "properties": {k: {"type": "string", "description": v} for k, v in parameters.items()},
            "required": list(parameters),
            "additionalProperties": False,
        },
    )


TOOLS = (
    _tool("bash", "Run a shell command in the workspace; no network.", command="The command."),
    _tool("read_file", "Read a text file.", path="Path in the workspace."),
    _tool(
        "write_file", "Create or replace a file.", path="Path in the workspace.", content="The whole text."
    ),
    _tool(
        "str_replace",
        "Replace a text that occurs exactly once in a file.",
        path="Path in the workspace.",
        old="The text to replace, with enough around it to be unique.",
        new="The new text.",
    ),
    _tool("submit", "Say that the task is done. Nothing can be changed afterwards."),
)


class _Done(NamedTuple):
    """What became of one call: its Act, the text for the model, what was wrong with it."""

    act: Act
    text: str
    slip: Slip | None = None


class Native:
    name = "native"
    version = 2
    tools: tuple[Tool, ...] = TOOLS
    replies: tuple[str, ...] = (CALL_A_TOOL, CALL_IT, CUT, BROKEN, RECOVERED, NO_FILE)
    escalation = (
        f"If the task is more than you can do, or you are stuck, call {ESCALATE} with the reason: a stronger model then"
        " takes over for good, with the files as you left them."
    )

    def opening(self, scene: Scene, system: str) -> tuple[Message, ...]:
        return opening(scene.task, system)

    def act(self, completion: Completion, scene: Scene) -> Outcome:
        message = completion.message
        if message.tool_calls:
            return _carry_out(message.tool_calls, scene)
        if completion.stop_reason == "length":
            return Outcome(
                replies=(say(CUT),), acts=(Act(name="answer", status="truncated"),), slips=("truncated",)
            )
        return _without_a_call(message, scene)

    def wish(self, completion: Completion, scene: Scene) -> Wish:
        message = completion.message
        calls = asked = message.tool_calls
        if not calls and completion.stop_reason != "length":
            calls, _ = _written(message, _PARAMETERS)
            asked, _ = _written(message, {**_PARAMETERS, ESCALATE: ("reason",)})
        meant = [(call.name, arguments) for call in calls if isinstance(arguments := _arguments(call), dict)]
        return Wish(
            commands=tuple(arguments["command"] for name, arguments in meant if name == "bash"),
            writes=tuple(
                arguments["path"] for name, arguments in meant if name in ("write_file", "str_replace")
            ),
            escalate=next((_reason(call) for call in asked if call.name == ESCALATE), None),
        )


def _carry_out(calls: Iterable[ToolCall], scene: Scene) -> Outcome:
    done = [(call, _one(call, scene)) for call in calls]
    return Outcome(
        replies=tuple(Message(role="tool", content=d.text, tool_call_id=c.id) for c, d in done),
        acts=tuple(d.act for _, d in done),
        slips=tuple(d.slip for _, d in done if d.slip),
        submitted=_submitted(d.act for _, d in done),
    )


def _without_a_call(message: Message, scene: Scene) -> Outcome:
    """An answer that made no call: whether one stands in its text or, where there is no text, in its reasoning."""
    text, reasoning = message.content.strip(), (message.reasoning or "").strip()
    calls, slip = _written(message, _PARAMETERS)
    if calls:
        return _recovered(calls, slip, scene)
    if mentions_call(text or reasoning, _PARAMETERS):
        return _not_taken(slip)
    return Outcome(replies=(say(CALL_A_TOOL),), slips=("no_action" if text else "empty",))


def _written(message: Message, tools: Mapping[str, object]) -> tuple[tuple[ToolCall, ...], Slip]:
    """The calls that an answer without any means, and what is wrong with their place."""
    text, reasoning = message.content.strip(), (message.reasoning or "").strip()
    if text:
        return calls_in(text, tools), "call_as_text"
    return call_at_end(reasoning, tools), "call_in_reasoning"


def _reason(call: ToolCall) -> str:
    """Why the model hands over; a call that cannot be read hands over all the same."""
    try:
        arguments = json.loads(call.arguments or "{}", strict=False)
    except (ValueError, RecursionError):
        return call.arguments
    return str(arguments.get("reason", "")) if isinstance(arguments, dict) else str(arguments)


def _recovered(calls: tuple[ToolCall, ...], slip: Slip, scene: Scene) -> Outcome:
    done = [(call, _one(call, scene, recovered=True)) for call in calls]
    results = "\n\n".join(RECOVERED.format(name=call.name, result=d.text) for call, d in done)
    return Outcome(
        replies=(say(results),),
        acts=tuple(d.act for _, d in done),
        slips=(slip, *(d.slip for _, d in done if d.slip)),
        submitted=_submitted(d.act for _, d in done),
    )


def _not_taken(slip: Slip) -> Outcome:
    return Outcome(
        replies=(say(CALL_IT),), acts=(Act(name="answer", status="malformed"),), slips=(slip, "malformed")
    )


def _submitted(acts: Iterable[Act]) -> bool:
    return any(act.name == "submit" and act.status == "ok" for act in acts)


def _one(call: ToolCall, scene: Scene, *, recovered: bool = False) -> _Done:
    """Carry out one call. One that cannot be read is ``malformed``; one that fails is ``failed``."""

    def ended(status: str) -> Act:
        return Act(name=call.name, status=status, recovered=recovered)  # type: ignore[arg-type]

    arguments = _arguments(call)
    if isinstance(arguments, str):
        slip: Slip = "malformed" if call.name in _PARAMETERS else "unknown_tool"
        return _Done(ended("malformed"), BROKEN.format(problem=arguments), slip)
    if call.name == "bash":
        result = scene.sandbox.run(arguments["command"], scene.command_s)
        return _Done(act_of("bash", result, recovered=recovered), describe(result, scene.most_chars))
    try:
        return _Done(ended("ok"), _FILE_TOOLS[call.name](scene, arguments))
    except FileNotFoundError as e:
        names = scene.sandbox.files()
        listed = ", ".join(names[:_NAMES]) + (
            f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        )
        problem = NO_FILE.format(problem=e, names=listed or "no files")
        return _Done(ended("failed"), BROKEN.format(problem=problem), "no_such_path")
    except (OSError, ValueError) as e:
        return _Done(ended("failed"), BROKEN.format(problem=e))


def _arguments(call: ToolCall) -> dict[str, str] | str:
    """The call's arguments by name, or what is wrong with them. Raw line breaks in a string are taken as meant."""
    if call.name not in _PARAMETERS:
        return f"there is no tool {call.name!r}; the tools are {', '.join(_PARAMETERS)}"
    try:
        arguments = json.loads(call.arguments or "{}", strict=False)
    except (ValueError, RecursionError) as e:
        return f"the arguments of {call.name} are no JSON: {e}"
    wanted = _PARAMETERS[call.name]
    if not isinstance(arguments, dict) or any(not isinstance(arguments.get(name), str) for name in wanted):
        return f"{call.name} needs these string arguments: {', '.join(wanted)}"
    return {name: arguments[name] for name in wanted}


def _read(scene: Scene, arguments: dict[str, str]) -> str:
    return head_and_tail(scene.sandbox.read(arguments["path"]), scene.most_chars)


def _write(scene: Scene, arguments: dict[str, str]) -> str:
    scene.sandbox.write(arguments["path"], arguments["content"])
    return f"wrote {arguments['path']}"


def _replace(scene: Scene, arguments: dict[str, str]) -> str:
    path, old, new = arguments["path"], arguments["old"], arguments["new"]
    text = scene.sandbox.read(path)
    found = text.count(old) if old else 0
    if found != 1:
        raise ValueError(f"the text to replace occurs {found} times in {path}; it must occur exactly once")
    scene.sandbox.write(path, text.replace(old, new))
    return f"replaced in {path}"


def _submit(scene: Scene, arguments: dict[str, str]) -> str:
    return "submitted"


_FILE_TOOLS: dict[str, Callable[[Scene, dict[str, str]], str]] = {
    "read_file": _read,
    "write_file": _write,
    "str_replace": _replace,
    "submit": _submit,
}
