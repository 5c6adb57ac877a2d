"""native: the model acts by tool calls (bash, read_file, write_file, str_replace, submit) and says itself when it is done."""

from __future__ import annotations

import json
from collections.abc import Callable

from llmsweep.agent.protocols.base import Outcome, describe, opening, status_of
from llmsweep.sandbox.base import Sandbox
from llmsweep.types import Act, Completion, Message, Task, Tool, ToolCall

COMMAND_S = 60.0
"""Seconds that one command may take."""
READ_CHARS = 16_000
"""Characters of a file that one read returns."""
CALL_A_TOOL = "You called no tool. Work with the tools; when everything is done, call submit."
CUT = "Your answer was cut off at its token limit. Go on with one short tool call."
BROKEN = "error: {problem}"


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


class Native:
    name = "native"
    version = 1
    tools: tuple[Tool, ...] = TOOLS
    replies: tuple[str, ...] = (CALL_A_TOOL, CUT, BROKEN)

    def opening(self, task: Task, system: str) -> tuple[Message, ...]:
        return opening(task, system)

    def act(self, completion: Completion, task: Task, sandbox: Sandbox) -> Outcome:
        calls = completion.message.tool_calls
        if not calls:
            if completion.stop_reason == "length":
                return Outcome(replies=(_say(CUT),), acts=(Act(name="answer", status="truncated"),))
            return Outcome(replies=(_say(CALL_A_TOOL),))
        replies, acts, submitted = [], [], False
        for call in calls:
            act, text = _carry_out(call, task, sandbox)
            acts.append(act)
            replies.append(Message(role="tool", content=text, tool_call_id=call.id))
            submitted = submitted or (call.name == "submit" and act.status == "ok")
        return Outcome(replies=tuple(replies), acts=tuple(acts), submitted=submitted)


def _carry_out(call: ToolCall, task: Task, sandbox: Sandbox) -> tuple[Act, str]:
    """One call: its Act, and the text for the model. A call that cannot be read is ``malformed``; one that fails is ``failed``."""
    arguments = _arguments(call)
    if isinstance(arguments, str):
        return Act(name=call.name, status="malformed"), BROKEN.format(problem=arguments)
    if call.name == "bash":
        result = sandbox.run(arguments["command"], min(COMMAND_S, task.timeout_s))
        return status_of(result), describe(result)
    try:
        return Act(name=call.name, status="ok"), _FILE_TOOLS[call.name](sandbox, arguments)
    except (OSError, ValueError) as e:
        return Act(name=call.name, status="failed"), BROKEN.format(problem=e)


def _arguments(call: ToolCall) -> dict[str, str] | str:
    """The call's arguments by name, or what is wrong with them."""
    if call.name not in _PARAMETERS:
        return f"there is no tool {call.name!r}; the tools are {', '.join(_PARAMETERS)}"
    try:
        arguments = json.loads(call.arguments or "{}")
    except ValueError as e:
        return f"the arguments of {call.name} are no JSON: {e}"
    wanted = _PARAMETERS[call.name]
    if not isinstance(arguments, dict) or any(not isinstance(arguments.get(name), str) for name in wanted):
        return f"{call.name} needs these string arguments: {', '.join(wanted)}"
    return {name: arguments[name] for name in wanted}


def _read(sandbox: Sandbox, arguments: dict[str, str]) -> str:
    text = sandbox.read(arguments["path"])
    if len(text) <= READ_CHARS:
        return text
    return f"{text[:READ_CHARS]}\n[cut: the file has {len(text)} characters; read the rest with bash]"


def _write(sandbox: Sandbox, arguments: dict[str, str]) -> str:
    sandbox.write(arguments["path"], arguments["content"])
    return f"wrote {arguments['path']}"


def _replace(sandbox: Sandbox, arguments: dict[str, str]) -> str:
    path, old, new = arguments["path"], arguments["old"], arguments["new"]
    text = sandbox.read(path)
    found = text.count(old) if old else 0
    if found != 1:
        raise ValueError(f"the text to replace occurs {found} times in {path}; it must occur exactly once")
    sandbox.write(path, text.replace(old, new))
    return f"replaced in {path}"


def _submit(sandbox: Sandbox, arguments: dict[str, str]) -> str:
    return "submitted"


_FILE_TOOLS: dict[str, Callable[[Sandbox, dict[str, str]], str]] = {
    "read_file": _read,
    "write_file": _write,
    "str_replace": _replace,
    "submit": _submit,
}


def _say(text: str) -> Message:
    return Message(role="user", content=text)
