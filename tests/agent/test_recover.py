from __future__ import annotations

import json

import pytest

from llmsweep.agent.protocols.native import TOOLS
from llmsweep.agent.protocols.recover import call_at_end, calls_in, mentions_call

NAMES = {tool.name: tool for tool in TOOLS}
LS = '{"name": "bash", "arguments": {"command": "ls"}}'
CAT = '{"name": "read_file", "arguments": {"path": "a.py"}}'


def read(text: str) -> list[tuple[str, dict]]:
    return [(call.name, json.loads(call.arguments)) for call in calls_in(text, NAMES)]


@pytest.mark.parametrize(
    "text",
    [
        LS,
        f"I will list the files.\n```json\n{LS}\n```",
        f"<tool_call>\n{LS}\n</tool_call>",
        f"<tool_call>{LS}",
        f"<|python_tag|>{LS}",
        f"[TOOL_CALLS][{LS}]",
        '[TOOL_CALLS]bash[ARGS]{"command": "ls"}',
        '<function=bash>{"command": "ls"}</function>',
        "<function=bash>\n<parameter=command>\nls\n</parameter>\n</function>",
        "<tool_call>\n<function=bash>\n<parameter=command>ls</parameter>\n</function>\n</tool_call>",
        '[Calling tool: bash({"command": "ls"})]',
        '<|channel|>commentary to=functions.bash <|constrain|>json<|message|>{"command": "ls"}<|call|>',
        '{"tool": "bash", "parameters": {"command": "ls"}}',
        '{"type": "function", "function": {"name": "bash", "arguments": "{\\"command\\": \\"ls\\"}"}}',
        '{"tool_calls": [{"function": {"name": "functions.bash", "arguments": {"command": "ls"}}}]}',
    ],
)
def test_one_call_in_any_familys_wrapper_is_read(text: str):
    assert read(text) == [("bash", {"command": "ls"})]


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>{LS}</tool_call>\n<tool_call>{CAT}</tool_call>",
        f"[TOOL_CALLS] [{LS}, {CAT}]",
        "<function=bash><parameter=command>ls</parameter></function>"
        "<function=read_file><parameter=path>a.py</parameter></function>",
    ],
)
def test_several_wrapped_calls_are_all_meant(text: str):
    assert read(text) == [("bash", {"command": "ls"}), ("read_file", {"path": "a.py"})]


@pytest.mark.parametrize(
    "text",
    [
        f"First {LS} and then {CAT}",
        f"```json\n{LS}\n```\nor\n```json\n{CAT}\n```",
        f"<tool_call>{LS}</tool_call> or perhaps {CAT}",
    ],
)
def test_where_one_may_be_an_example_none_is_taken(text: str):
    assert read(text) == []
    assert mentions_call(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "I would run ls.",
        '{"name": "Ada", "age": 36}',
        '{"name": "format_disk", "arguments": {}}',
        'config = {"input": {"path": "x"}}',
        "```bash\nls\n```",
        '{"name": "bash", "arguments": {"command": "ls"',
        "{" * 100_000,
        "",
    ],
)
def test_other_text_is_no_call(text: str):
    assert read(text) == []
    assert not mentions_call(text, NAMES)


def test_a_raw_line_break_in_a_string_is_taken_as_meant():
    text = '<tool_call>{"name": "write_file", "arguments": {"path": "a", "content": "x\ny"}}</tool_call>'
    assert read(text) == [("write_file", {"path": "a", "content": "x\ny"})]


def test_a_wrapped_call_of_an_unknown_tool_is_read_so_that_the_model_is_told():
    assert read('<tool_call>{"name": "grep", "arguments": {}}</tool_call>') == [("grep", {})]


def test_reasoning_means_a_call_only_where_it_ends_with_its_only_one():
    wrapped = f"I should look first.\n<tool_call>\n{LS}\n</tool_call>\n"
    assert [call.name for call in call_at_end(wrapped, NAMES)] == ["bash"]
    assert call_at_end(f"{wrapped} But no, first the readme.", NAMES) == ()
    assert call_at_end(f"{LS} or {CAT}", NAMES) == ()
