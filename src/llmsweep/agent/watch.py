"""Stands between the local model's answers and their being carried out: what makes it hand over, and what it did until then."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from llmsweep.agent.converse import Work
from llmsweep.agent.protocols.base import (
    ESCALATE,
    Handover,
    Outcome,
    Wish,
    act_of,
    describe,
    say,
)
from llmsweep.agent.radius import too_large
from llmsweep.policy import Tiered
from llmsweep.types import Act, Completion, Message, Observation, Stop, Tool, digest

HANDED = "The task is handed over to another model."
HELD = "Not carried out: the task is handed over to another model."
CHECK_FAILED = (
    "It is not done yet: the check failed.\n\n$ {check}\n{result}\n\nMend what is wrong, then submit again."
)
TOOL = Tool(
    name=ESCALATE,
    description="Hand the task over to a stronger model, for good, with the files as you left them.",
    parameters={
        "type": "object",
        "properties": {"reason": {"type": "string", "description": "Why, in one sentence."}},
        "required": ["reason"],
        "additionalProperties": False,
    },
)
REASON_CHARS = 300
ENDED = {
    "looping": "it did the same again and again",
    "malformed": "its answers could not be read",
    "gave_up": "it no longer acted",
    "context": "its context window was full",
    "turns": "its budget of turns was spent",
    "tokens": "its budget of tokens was spent",
    "seconds": "its budget of time was spent",
}
"""Stop -> the reason that it gives."""


class Watch:
    """Over the ``work`` of a local model under a ``policy``.

    ``commands``: what it ran, each with how it ended; ``last_check``: what the visible check said last; ``before``: file ->
    digest of its text at the start, kept where a summary will need it.
    """

    def __init__(self, policy: Tiered, work: Work) -> None:
        self.policy, self.work = policy, work
        self.failed = 0
        self.commands: list[tuple[str, str]] = []
        self.last_check: str | None = None
        self.before = digests(work) if policy.handoff == "summary" else {}

    def offered(self, system: str) -> str:
        """The prompt with how to hand over, where the model may; then its tools have that one too."""
        if not self.policy.ask:
            return system
        if self.work.tools:
            self.work.tools = (*self.work.tools, TOOL)
        return f"{system}\n\n{self.work.acting.escalation}"

    def act(self, completion: Completion) -> Outcome:
        """Do what the answer asks for, unless the task goes up first."""
        work = self.work
        wish = work.acting.wish(completion, work.scene)
        if self.policy.ask and wish.escalate is not None:
            asked = Act(name=ESCALATE, status="ok")
            return _held(completion, asked, Handover("asked", one_line(wish.escalate) or "it gave no reason"))
        if (why := too_large(wish, self.policy.radius, work.spec.task.workdir)) is not None:
            held = Act(name="bash" if wish.commands else "write_file", status="held")
            return _held(completion, held, Handover("radius", one_line(why)))
        outcome = work.acting.act(completion, work.scene)
        self._note(wish, outcome)
        return self._validated(outcome)

    def ended(self, ended: Stop | Handover) -> Stop | Handover:
        """What an end of the local model's work means under the policy."""
        if isinstance(ended, Handover) or ended not in self.policy.stops:
            return ended
        return Handover(ended, ENDED[ended])

    def check(self) -> Observation | None:
        """Run the visible check. None where the task has none."""
        task, scene = self.work.spec.task, self.work.scene
        if task.check is None:
            return None
        result = scene.sandbox.run(task.check, scene.command_s)
        self.last_check = describe(result, scene.most_chars)
        return result

    def _validated(self, outcome: Outcome) -> Outcome:
        """What is submitted must pass the visible check, where there is one; so many failures hand over."""
        tries = self.policy.tries
        checked = [act for act in outcome.acts if act.name == "check"]
        if tries is None:
            return outcome
        if outcome.submitted and not checked and (result := self.check()) is not None:
            checked = [act_of("check", result)]
            outcome = replace(outcome, acts=(*outcome.acts, *checked))
            if not result.ok:
                told = CHECK_FAILED.format(check=self.work.spec.task.check, result=self.last_check)
                outcome = replace(outcome, submitted=False, replies=_told(outcome.replies, told))
        if not checked or checked[-1].status == "ok":
            return outcome
        self.failed += 1
        if self.failed < tries:
            return outcome
        times = "once" if self.failed == 1 else f"{self.failed} times"
        return replace(outcome, handover=Handover("check", f"the visible check failed {times}"))

    def _note(self, wish: Wish, outcome: Outcome) -> None:
        ended = [act.status for act in outcome.acts if act.name == "bash"]
        known = len(ended) == len(wish.commands)
        self.commands += [
            (command, ended[at] if known else "ran") for at, command in enumerate(wish.commands)
        ]
        if any(act.name == "check" for act in outcome.acts) and outcome.replies:
            self.last_check = outcome.replies[-1].content


def one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= REASON_CHARS else f"{line[: REASON_CHARS - 3]}..."


def digests(work: Work) -> dict[str, str]:
    """File -> digest of its text, of all that the sandbox lists."""
    found = {}
    for name in work.sandbox.files():
        with suppress(OSError):
            found[name] = digest(work.sandbox.read(name))
    return found


def _held(completion: Completion, act: Act, handover: Handover) -> Outcome:
    """Nothing of the answer is carried out; each of its calls is answered, as conversations need it."""
    calls = completion.message.tool_calls
    replies = tuple(
        Message(role="tool", content=HANDED if call.name == ESCALATE else HELD, tool_call_id=call.id)
        for call in calls
    )
    return Outcome(replies=replies, acts=(act,), handover=handover)


def _told(replies: tuple[Message, ...], text: str) -> tuple[Message, ...]:
    """The result of a submit that was not taken: in place of its own reply, where it was a call."""
    told = tuple(replace(r, content=text) if r.content == "submitted" else r for r in replies)
    return told if told != replies else (*replies, say(text))
