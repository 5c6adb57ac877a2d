"""A task that a local model hands over: every trigger in every protocol, what the frontier model is sent, what is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from builders import cell, task_folder
from llmsweep.agent.handing_over import CLOSING, translated, words_digest
from llmsweep.agent.loop import Above, run_episode
from llmsweep.agent.protocols.base import ESCALATE
from llmsweep.agent.watch import HANDED, HELD
from llmsweep.cli.frontier import harness_of
from llmsweep.errors import ProviderError
from llmsweep.policy import Radius, Tiered
from llmsweep.providers.scripted import Scripted
from llmsweep.store import find_logs, read_episodes
from llmsweep.suite import load_task
from llmsweep.testing.memory import MemoryFactory
from llmsweep.types import (
    Budget,
    Completion,
    Episode,
    EpisodeSpec,
    Message,
    Observation,
    ToolCall,
    Usage,
)

PUBLISHED = Path(__file__).parents[2] / "results" / "published"
RIGHT = "def double(n):\n    return 2 * n\n"
WRONG = "def double(n):\n    return n\n"
STOPS = ("looping", "malformed", "gave_up", "context", "turns", "tokens", "seconds")


def answering(command: str, files: dict[str, str]) -> Observation:
    """The visible check, and commands that write a solution by name."""
    if command.startswith("write "):
        files["solution.py"] = RIGHT if "right" in command else WRONG
        return Observation(exit_code=0, output="")
    if "check.py" not in command:
        return Observation(exit_code=0, output=f"ran {command}")
    right = "2 * n" in files.get("solution.py", "")
    return Observation(
        exit_code=0 if right else 1, output="" if right else "double(2) returned 2, expected 4"
    )


def hidden(files: dict[str, str], logs: Path) -> Observation:
    (logs / "verifier" / "reward.txt").write_text("1" if "2 * n" in files.get("solution.py", "") else "0")
    return Observation(exit_code=0, output="")


def call(name: str, id: str = "c1", **arguments: str) -> Message:
    one = ToolCall(id=id, name=name, arguments=json.dumps(arguments))
    return Message(role="assistant", tool_calls=(one,))


def native(what: str, reason: str = "") -> Message:
    return {
        "right": call("write_file", path="solution.py", content=RIGHT),
        "wrong": call("write_file", path="solution.py", content=WRONG),
        "submit": call("submit"),
        "ask": call(ESCALATE, reason=reason),
        "push": call("bash", command="git push origin main"),
        "outside": call("write_file", path="../other.py", content="x"),
        "look": call("bash", command="ls"),
        "broken": Message(role="assistant", tool_calls=(ToolCall(id="b", name="bash", arguments="{oops"),)),
        "talk": Message(role="assistant", content="I think it is fine."),
    }[what]


def fenced(what: str, reason: str = "") -> Message:
    text = {
        "right": "```bash\nwrite right\n```",
        "wrong": "```bash\nwrite wrong\n```",
        "submit": "```bash\nsubmit\n```",
        "ask": f"I cannot.\n```bash\n{ESCALATE} {reason}\n```",
        "push": "```bash\ngit push origin main\n```",
        "outside": "```bash\necho x > ../other.py\n```",
        "look": "```bash\nls\n```",
        "broken": "```bash\nls\n```\n```bash\npwd\n```",
        "talk": "I think it is fine.",
    }[what]
    return Message(role="assistant", content=text)


def whole_file(what: str, reason: str = "") -> Message:
    text = {
        "right": f"```python solution.py\n{RIGHT}```",
        "wrong": f"```python solution.py\n{WRONG}```",
        "submit": f"```python solution.py\n{WRONG}```",
        "ask": f"{ESCALATE}: {reason}",
        "push": "```python .github/workflows/x.yaml\nx\n```",
        "outside": "```python ../other.py\nx\n```",
        "look": f"```python notes.py\n{WRONG}```",
        "broken": "no file",
        "talk": "",
    }[what]
    return Message(role="assistant", content=text)


SPEAKS: dict[str, Callable[..., Message]] = {"native": native, "fenced": fenced, "whole_file": whole_file}
SOLVES = {"native": ("right", "submit"), "fenced": ("right", "submit"), "whole_file": ("right",)}


class Kept(Scripted):
    """A script that keeps what it was asked; its answers are counted from its own first one."""

    def __init__(self, *answers: Message | Completion | Exception, **settings: object) -> None:
        super().__init__(answers=self._next, **settings)  # type: ignore[arg-type]
        self.said, self.asked = list(answers), []

    def _next(self, messages, tools, sampling):
        self.asked.append((tuple(messages), tuple(tools), sampling))
        answer = self.said[min(len(self.asked), len(self.said)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def policy(**changes) -> Tiered:
    above = changes.pop("frontier", None) or cell(
        model="big", revision="r9", protocol=changes.pop("protocol", "native"), budget=Budget(turns=4)
    )
    base = Tiered(
        frontier=above,
        harness="h9",
        words=words_digest(),
        stops=STOPS,
        radius=Radius(commands=(r"git\s+push",), paths=("**/.github/**",), outside=True),
    )
    return replace(base, **changes)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Episode]:
    task = load_task(task_folder(tmp_path), "t")

    def go(local, frontier, policy: Tiered, *, check: bool = True, **changes) -> Episode:
        factory = MemoryFactory(answer=answering, verifier=hidden)
        changes.setdefault("budget", Budget(turns=6))
        one = task if check else replace(task, check=None)
        spec = EpisodeSpec(task=one, cell=cell(**changes), repeat=0, harness="h")
        above = Above(policy=policy, make_provider=lambda: frontier)
        return run_episode(spec, lambda: local, lambda t: factory.open(t, tmp_path / "snapshots"), above)

    return go


def script(protocol: str, *words: str) -> list[Message]:
    return [SPEAKS[protocol](word, "too hard for me") for word in words]


TRIGGERS = {
    "asked": (("look", "ask"), {}, "too hard for me"),
    "check": (("wrong", "submit", "submit"), {}, "the visible check failed 2 times"),
    "radius": (("look", "push"), {}, None),
    "looping": (("look", "look", "look"), {"tries": None}, "it did the same again and again"),
    "malformed": (("broken",) * 3, {}, "its answers could not be read"),
    "gave_up": (("talk",) * 3, {}, "it no longer acted"),
    "turns": (("look", "wrong"), {"tries": None, "budget": Budget(turns=2)}, "its budget of turns was spent"),
    "tokens": (("look",), {"budget": Budget(turns=9, tokens=1)}, "its budget of tokens was spent"),
    "seconds": (("look",), {"budget": Budget(turns=9, seconds=0.0)}, "its budget of time was spent"),
}


@pytest.mark.parametrize("above", SPEAKS)
@pytest.mark.parametrize("protocol", SPEAKS)
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_trigger_hands_over_from_every_protocol_to_every_other(run, trigger, protocol, above):
    words, changes, reason = TRIGGERS[trigger]
    changes = dict(changes)
    tries = changes.pop("tries", 2)
    # Of whole_file every answer is checked; of the others what is submitted.
    local = Kept(*script(protocol, *words))
    frontier = Kept(*script(above, *SOLVES[above]))
    episode = run(local, frontier, policy(protocol=above, tries=tries), protocol=protocol, **changes)
    assert episode.handoff is not None
    assert (episode.handoff.trigger, episode.passed, episode.stop) == (trigger, True, "submitted")
    if reason is not None:
        assert episode.handoff.reason == reason
    mine = [turn for turn in episode.turns if not turn.frontier]
    assert len(mine) == episode.handoff.after == len(local.asked)
    assert [turn.frontier for turn in episode.turns] == [False] * len(mine) + [True] * len(SOLVES[above])
    assert episode.handoff.read_tokens == episode.turns[len(mine)].usage.input_tokens
    assert episode.handoff.passed is (None if not mine else False)
    assert episode.fault is None


@pytest.mark.parametrize("protocol", SPEAKS)
def test_a_full_window_hands_over(run, protocol):
    full = Completion(message=Message(role="assistant"), stop_reason="context")
    frontier = Kept(*script("native", "right", "submit"))
    episode = run(Kept(full), frontier, policy(), protocol=protocol)
    assert episode.handoff is not None
    assert (episode.handoff.trigger, episode.passed) == ("context", True)


@pytest.mark.parametrize("protocol", SPEAKS)
@pytest.mark.parametrize("what", ["push", "outside"])
def test_what_reaches_far_is_not_carried_out(run, protocol, what):
    frontier = Kept(*script("native", "submit"))
    episode = run(Kept(*script(protocol, what)), frontier, policy(tries=None), protocol=protocol)
    assert episode.handoff is not None
    assert episode.handoff.trigger == "radius"
    assert [act.status for act in episode.turns[0].acts] == ["held"]
    assert not any("ran git push" in m.content for m in episode.messages)


def test_the_word_for_handing_over_does_not_hide_an_action_from_the_rules(run):
    both = replace(native("push"), tool_calls=(*native("ask", "x").tool_calls, *native("push").tool_calls))
    block = Message(role="assistant", content=f"```bash\n{ESCALATE} x\ngit push\n```")
    for protocol, answer in (("native", both), ("fenced", block)):
        episode = run(Kept(answer), Kept(native("submit")), policy(ask=False), protocol=protocol)
        assert episode.handoff is not None
        assert episode.handoff.trigger == "radius"


@pytest.mark.parametrize("protocol", SPEAKS)
def test_solved_alone_nothing_is_handed_over(run, protocol):
    frontier = Kept(native("submit"))
    episode = run(Kept(*script(protocol, *SOLVES[protocol])), frontier, policy(), protocol=protocol)
    assert (episode.passed, episode.handoff, frontier.asked) == (True, None, [])
    assert episode.policy == policy()
    assert not any(turn.frontier for turn in episode.turns)


def test_a_submit_whose_check_fails_goes_back_to_the_model_until_there_were_enough(run):
    local = Kept(*script("native", "wrong", "submit", "right", "submit"))
    episode = run(local, Kept(native("submit")), policy(tries=2), protocol="native")
    assert (episode.passed, episode.stop, episode.handoff) == (True, "submitted", None)
    told = local.asked[2][0][-1]
    assert told.role == "tool"
    assert "It is not done yet: the check failed" in told.content
    assert [act.name for act in episode.turns[1].acts] == ["submit", "check"]


def test_without_tries_a_submit_is_taken_as_it_is(run):
    episode = run(
        Kept(*script("native", "wrong", "submit")),
        Kept(native("submit")),
        policy(tries=None),
        protocol="native",
    )
    assert (episode.passed, episode.stop, episode.handoff) == (False, "submitted", None)


def test_what_the_policy_leaves_out_does_not_hand_over(run):
    quiet = policy(stops=(), ask=False, tries=None, radius=Radius())
    for words in (("look",) * 3, ("push",), ("talk",) * 3):
        frontier = Kept(native("submit"))
        episode = run(
            Kept(*script("native", *words)), frontier, quiet, protocol="native", budget=Budget(turns=3)
        )
        assert (episode.handoff, frontier.asked) == (None, [])
    local = Kept(native("ask", "x"), native("submit"))
    episode = run(local, Kept(native("submit")), quiet, protocol="native")
    assert episode.handoff is None
    assert "there is no tool" in local.asked[1][0][-1].content
    assert ESCALATE not in {tool.name for tool in local.asked[0][1]}
    assert ESCALATE not in local.asked[0][0][0].content


@pytest.mark.parametrize("protocol", SPEAKS)
def test_the_model_is_told_how_to_hand_over(run, protocol):
    local = Kept(*script(protocol, "ask"))
    frontier = Kept(native("submit"))
    run(local, frontier, policy(), protocol=protocol)
    messages, tools, _ = local.asked[0]
    assert ESCALATE in messages[0].content
    assert (ESCALATE in {tool.name for tool in tools}) == (protocol == "native")
    above, tools, _ = frontier.asked[0]
    assert ESCALATE not in above[0].content
    assert ESCALATE not in {tool.name for tool in tools}


def test_calls_as_text_and_broken_arguments_hand_over_too(run):
    text = json.dumps({"name": ESCALATE, "arguments": {"reason": "as text"}})
    for answer, reason in (
        (Message(role="assistant", content=text), "as text"),
        (Message(role="assistant", tool_calls=(ToolCall(id="1", name=ESCALATE, arguments="{no"),)), "{no"),
        (
            Message(role="assistant", tool_calls=(ToolCall(id="1", name=ESCALATE, arguments=""),)),
            "it gave no reason",
        ),
    ):
        episode = run(Kept(answer), Kept(native("submit")), policy(), protocol="native")
        assert episode.handoff is not None
        assert (episode.handoff.trigger, episode.handoff.reason) == ("asked", reason)


def test_the_conversation_goes_along_without_anything_of_the_local_server(run):
    secret = {"blocks": [{"type": "thinking", "thinking": "psst", "signature": "sig"}]}
    first = replace(call("read_file", id="weird/1", path="solution.py"), reasoning="psst", opaque=secret)
    asks = replace(call(ESCALATE, id="weird/1", reason="too hard"), reasoning="psst", opaque=secret)
    frontier = Kept(*script("native", "right", "submit"))
    episode = run(Kept(first, asks), frontier, policy(), protocol="native")
    sent = frontier.asked[0][0]
    turns = ["assistant", "tool", "assistant", "user", "assistant", "user"]
    assert [m.role for m in sent] == ["system", "user", *turns]
    assert not any(m.reasoning or m.opaque for m in sent)
    assert "psst" not in msgspec.json.encode(sent).decode()
    assert sent[2].tool_calls[0].id == sent[3].tool_call_id == "call00001"
    assert "NotImplementedError" in sent[3].content
    assert '[called escalate_to_frontier with {"reason": "too hard"}]' in sent[4].content
    assert not sent[4].tool_calls
    assert sent[5].content.endswith(HANDED)
    assert sent[6].content == CLOSING
    assert "You take over this task, for good" in sent[7].content
    # The transcript has the conversation once, and reasoning and all of the local model stay in it.
    assert [m.role for m in episode.messages].count("system") == 2
    assert sum("NotImplementedError" in m.content for m in episode.messages) == 1
    assert episode.messages[2].reasoning == "psst"


def test_the_summary_has_facts_and_no_conversation(run):
    local = Kept(
        call("bash", command="ls"),
        call("write_file", path="solution.py", content=WRONG),
        call("write_file", path="notes.md", content="x"),
        native("ask", "too hard"),
    )
    frontier = Kept(*script("native", "right", "submit"))
    episode = run(local, frontier, policy(handoff="summary"), protocol="native")
    sent = frontier.asked[0][0]
    assert [m.role for m in sent] == ["system", "user"]
    told = sent[1].content
    assert "double(n)" in told
    assert "Why: too hard." in told
    assert "notes.md (new), solution.py" in told
    assert "$ ls  [ok]" in told
    assert "double(2) returned 2, expected 4" in told
    assert "after 4 turns" in told
    assert episode.passed


def test_a_summary_of_nothing_says_so(run):
    frontier = Kept(*script("native", "right", "submit"))
    run(Kept(native("ask", "")), frontier, policy(handoff="summary"), protocol="native", check=False)
    told = frontier.asked[0][0][1].content
    assert "No file differs from the start." in told
    assert "check" not in told.partition("You take over")[2]


def test_the_frontier_model_has_its_own_budget_sampling_and_prompt_and_never_hands_back(run):
    above = cell(
        model="big", revision="r9", protocol="native", temperature=0.7, max_tokens=99, budget=Budget(turns=2)
    )
    frontier = Kept(native("look"), native("ask", "no, you"))
    episode = run(
        Kept(*script("native", "look", "ask")),
        frontier,
        policy(frontier=above),
        protocol="native",
        budget=Budget(turns=2),
    )
    assert (episode.stop, len(episode.turns), episode.passed) == ("turns", 4, False)
    assert {(s.temperature, s.max_tokens) for _, _, s in frontier.asked} == {(0.7, 99)}
    assert "there is no tool" in episode.messages[-1].content
    assert episode.ceiling == "capability"


def test_what_was_handed_over_is_graded_too(run):
    local = Kept(*script("fenced", "right", "ask"))
    frontier = Kept(*script("fenced", "wrong", "submit"))
    episode = run(local, frontier, policy(protocol="fenced", tries=None), protocol="fenced")
    assert episode.handoff is not None
    assert (episode.handoff.passed, episode.passed) == (True, False)
    assert [turn.passed for turn in episode.turns] == [None, True, None, False]


@pytest.mark.parametrize("above", [False, True])
def test_a_fault_of_either_model_is_not_scored(run, above):
    gone = Kept(ProviderError("gone"))
    local = Kept(native("ask", "x")) if above else gone
    episode = run(local, gone if above else Kept(native("submit")), policy(), protocol="native")
    assert (episode.passed, episode.fault, episode.stop) == (None, "provider", "error")
    assert episode.error == ("frontier model big: gone" if above else "gone")
    assert (episode.handoff is not None) == above


def test_a_fatal_error_of_the_frontier_model_comes_out_with_its_name(run):
    with pytest.raises(ProviderError, match="frontier model big: bad key"):
        run(Kept(native("ask", "x")), Kept(ProviderError("bad key", fatal=True)), policy(), protocol="native")


def test_tokens_that_a_cache_had_are_not_of_the_handoff(run):
    first = Completion(
        message=native("submit"), usage=Usage(input_tokens=100, cached_tokens=30, output_tokens=5)
    )
    episode = run(Kept(native("ask", "x")), Kept(first), policy(), protocol="native")
    assert episode.handoff is not None
    assert episode.handoff.read_tokens == 70


def test_the_record_survives_the_log(run):
    episode = run(Kept(native("ask", "x")), Kept(native("submit")), policy(), protocol="native")
    again = msgspec.json.decode(msgspec.json.encode(replace(episode, messages=())), type=Episode)
    assert (again.policy, again.handoff) == (episode.policy, episode.handoff)
    assert again.policy is not None
    assert again.policy.digest == policy().digest


@pytest.mark.parametrize(
    "changes",
    [
        {"frontier": cell(model="other", protocol="native")},
        {"frontier": cell(model="big", revision="r10", protocol="native", budget=Budget(turns=4))},
        {
            "frontier": cell(
                model="big", revision="r9", protocol="native", temperature=1.0, budget=Budget(turns=4)
            )
        },
        {"frontier": cell(model="big", revision="r9", protocol="native", budget=Budget(turns=5))},
        {"harness": "another prompt"},
        {"words": "another tool"},
        {"handoff": "summary"},
        {"ask": False},
        {"tries": 3},
        {"tries": None},
        {"stops": STOPS[1:]},
        {"radius": Radius()},
    ],
    ids=str,
)
def test_another_policy_is_another_experiment(changes):
    assert policy(**changes).digest != policy().digest
    assert harness_of(cell(), policy(**changes)) != harness_of(cell(), policy())
    assert harness_of(cell(), policy()) != harness_of(cell(), None)


@pytest.mark.parametrize("name", ["demo", "micro-demo"])
def test_without_a_policy_the_harness_is_what_it_was(name: str):
    """So that no episode that was logged before there were policies is owed again."""
    (log,) = find_logs(PUBLISHED / name)
    assert all(harness_of(episode.cell, None) == episode.harness for episode in read_episodes(log))


def test_the_order_of_stops_is_no_difference():
    assert policy(stops=STOPS[::-1]).digest == policy().digest


def said(content: str, *calls: ToolCall) -> Message:
    return Message(role="assistant", content=content, tool_calls=calls)


def test_translation_keeps_every_result_with_its_call():
    one = ToolCall(id="same", name="bash", arguments='{"command": "ls"}')
    two = ToolCall(id="same", name="sudo", arguments="{}")
    three = ToolCall(id="", name="bash", arguments="{oops")
    four = ToolCall(id="x", name="read_file", arguments='{"path": "a"}')
    told = [
        said("first", one, two, three, four),
        Message(role="tool", content="r1", tool_call_id="same"),
        Message(role="tool", content="r2", tool_call_id="same"),
        Message(role="tool", content="r3", tool_call_id=""),
        Message(role="tool", content="r4", tool_call_id="x"),
        Message(role="user", content="more"),
        said(""),
        Message(role="user", content="and"),
        said("last", one),
    ]
    found = translated(told, {"bash", "read_file"})
    assert [m.role for m in found] == [
        *("assistant", "tool", "tool", "user"),
        *("assistant", "user"),
        *("assistant", "tool"),
    ]
    assert [c.id for c in found[0].tool_calls] == ["call00001", "call00002"]
    assert [(m.tool_call_id, m.content) for m in found[1:3]] == [("call00001", "r1"), ("call00002", "r4")]
    assert "[called sudo with {}]" in found[0].content
    assert "[called bash with {oops]" in found[0].content
    assert "[result of sudo]\nr2" in found[3].content
    assert "[result of bash]\nr3" in found[3].content
    assert found[3].content.endswith("more")
    assert found[4].content == "(an empty answer)"
    assert (found[7].content, found[7].tool_call_id) == (HELD, "call00003")
