from __future__ import annotations

import pytest

from llmsweep.agent.protocols import PROTOCOLS, harness_digest, protocol, system_prompt
from llmsweep.agent.protocols.native import TOOLS
from llmsweep.agent.protocols.whole_file import files_in, only_file_named
from llmsweep.errors import UsageError


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("```python solution.py\nx = 1\n```", {"solution.py": "x = 1\n"}),
        ("```python\nx = 1\n```", {"default.py": "x = 1\n"}),
        ("```\n# pkg/a.py\nx\n```", {"pkg/a.py": "# pkg/a.py\nx\n"}),
        ("```python:src/a.py\nx\n```", {"src/a.py": "x\n"}),
        ('```python title="a.py"\nx\n```', {"a.py": "x\n"}),
        ("Here:\n```python\nfirst\n```\nUse it:\n```python\nprint(first)\n```", {"default.py": "first\n"}),
        ("```python a.py\n1\n```\ntext\n```python b.py\n2\n```", {"a.py": "1\n", "b.py": "2\n"}),
        ("```python a.py\nold\n```\n```python a.py\nnew\n```", {"a.py": "new\n"}),
        ("```python a.py\nnever closed", {"a.py": "never closed\n"}),
        ("  ```python a.py\nx\n  ```", {"a.py": "x\n"}),
        ("```python a.py\ns = '''\n``` inside\n'''\n```", {"a.py": "s = '''\n``` inside\n'''\n"}),
        ("no fence at all", {}),
        ("", {}),
    ],
)
def test_files_are_read_out_of_answers(answer: str, expected: dict[str, str]):
    assert {f.path: f.text for f in files_in(answer, "default.py")} == expected


def test_an_unnamed_block_without_a_default_is_no_file():
    assert files_in("```python\nx\n```", None) == []


def test_the_default_is_the_one_file_that_the_task_names():
    assert only_file_named("Write `solution.py` with `f(x)`; in `solution.py` ...") == "solution.py"
    assert only_file_named("Change `a.py` and `b/c.py`.") is None
    assert only_file_named("Write `f(x)`.") is None
    assert only_file_named("Write `a.py`: `f(1)` returns `3.0`.") == "a.py"


def test_every_protocol_has_both_prompts_and_each_its_own_digest():
    digests = {harness_digest(name, prompt) for name in PROTOCOLS for prompt in ("thin", "rich")}
    assert len(digests) == 2 * len(PROTOCOLS)
    for name in PROTOCOLS:
        assert 0 < len(system_prompt(name, "thin")) < len(system_prompt(name, "rich"))


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'native'"):
        protocol("natve")
    with pytest.raises(UsageError, match=r"no such prompt.*Known: rich, thin"):
        system_prompt("native", "../whole_file/thin")


def test_tool_schemas_are_objects_with_every_parameter_required():
    for tool in TOOLS:
        assert tool.parameters["type"] == "object"
        assert list(tool.parameters["properties"]) == tool.parameters["required"]
