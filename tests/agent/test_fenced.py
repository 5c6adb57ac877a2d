from __future__ import annotations

from pathlib import Path

import pytest

from builders import task
from llmsweep.agent.protocols.base import Scene
from llmsweep.agent.protocols.fenced import Fenced, blocks_in
from llmsweep.testing.memory import MemoryFactory
from llmsweep.types import Completion, Message, Observation


@pytest.fixture
def act(tmp_path: Path):
    ran: list[str] = []

    def answer(command: str, files: dict[str, str]) -> Observation:
        ran.append(command)
        return Observation(exit_code=0, output="x" * 5000)

    def go(content: str = "", reasoning: str | None = None, stop_reason="stop"):
        with MemoryFactory(answer=answer).open(task(environment=tmp_path)) as sandbox:
            message = Message(role="assistant", content=content, reasoning=reasoning)
            completion = Completion(message=message, stop_reason=stop_reason)
            outcome = Fenced().act(completion, Scene(task=task(), sandbox=sandbox, most_chars=1000))
        return outcome, ran

    return go


def test_the_one_block_is_run_and_its_output_comes_back_cut(act):
    outcome, ran = act("I look.\n\n```bash\nls\ncat a\n```\nThen I go on.")
    assert ran == ["ls\ncat a"]
    assert [a.name for a in outcome.acts] == ["bash"]
    told = outcome.replies[0].content
    assert told.startswith("[exit code 0]\nxxx")
    assert "characters cut" in told
    assert len(told) < 1100


def test_submit_alone_ends_it(act):
    outcome, ran = act("Done.\n```sh\nsubmit\n```")
    assert outcome.submitted
    assert not ran


@pytest.mark.parametrize(
    ("content", "slips", "says"),
    [
        ("```bash\nls\n```\n```bash\npwd\n```", ("several_blocks", "malformed"), "has 2 shell blocks"),
        ("```python\nprint(1)\n```", ("malformed",), "marked python is not run"),
        ("```bash\nls", ("malformed",), "no shell block"),
        ("I am done.", ("no_action",), "no shell block"),
        ("", ("empty",), "no shell block"),
    ],
)
def test_what_is_not_one_block_is_told_and_not_run(act, content, slips, says):
    outcome, ran = act(content)
    assert not ran
    assert outcome.slips == slips
    assert says in outcome.replies[0].content
    assert [a.status for a in outcome.acts] == (["malformed"] if "malformed" in slips else [])


def test_a_cut_answer_is_truncated_and_nothing_of_it_is_run(act):
    outcome, ran = act("```bash\nls\n```", stop_reason="length")
    assert not ran
    assert (outcome.slips, outcome.acts[0].status) == (("truncated",), "truncated")


def test_a_block_that_an_empty_answers_reasoning_ends_with_is_recovered(act):
    outcome, ran = act("", "I should look.\n```bash\nls\n```")
    assert ran == ["ls"]
    assert outcome.acts[0].recovered
    assert outcome.slips == ("call_in_reasoning",)
    outcome, ran = act("", "Perhaps\n```bash\nrm -r .\n```\nbut rather not yet.")
    assert ran == ["ls"]
    assert "call_in_reasoning" in outcome.slips


def test_a_longer_fence_may_hold_shorter_ones():
    text = "````bash\ncat > a.md << 'X'\n```\ncode\n```\nX\n````"
    assert blocks_in(text) == [("bash", "cat > a.md << 'X'\n```\ncode\n```\nX\n")]
