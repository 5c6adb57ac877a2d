"""fenced: the model acts by exactly one fenced shell block a turn, for models without tool calls or bad at them.

The block is run in the workspace; one that holds only the word `submit` ends the work. What is not in this form is
told to the model and nothing of it is run.
"""

from __future__ import annotations

import re

from llmsweep.agent.protocols.base import ESCALATE, Outcome, Scene, Wish, act_of, describe, opening, say
from llmsweep.types import Act, Completion, Message, Slip, Tool

NO_BLOCK = (
    "Your answer has no shell block, and nothing was done. Answer with exactly one block like this:\n\n"
    "```bash\nls\n```\n\nWhen everything is done, the block holds only the word submit."
)
SEVERAL = (
    "Your answer has {count} shell blocks, and none was run. Send exactly one, then wait for its result."
)
NOT_SHELL = "A block marked {language} is not run. Write files from a shell block, for example with cat > FILE << 'EOF'."
CUT = "Your answer was cut off at its token limit, and nothing was run. Send one short shell block."
RECOVERED = "[from a block in your reasoning; answer with the block next time]\n{result}"

SUBMIT = "submit"
_SHELLS = {"", "bash", "sh", "shell", "console", "zsh"}
_ASKED = re.compile(rf"^\s*{ESCALATE}\b(.*)", re.M)
_FENCE = re.compile(r"^[ \t]*(`{3,})[ \t]*([\w+-]*)[^\n`]*\n(.*?)^[ \t]*\1[ \t]*$", re.M | re.S)


def blocks_in(text: str) -> list[tuple[str, str]]:
    """Language and content of every closed fenced block; a longer fence may hold shorter ones."""
    return [(language.lower(), body) for _, language, body in _FENCE.findall(text)]


class Fenced:
    name = "fenced"
    version = 1
    tools: tuple[Tool, ...] = ()
    replies: tuple[str, ...] = (NO_BLOCK, SEVERAL, NOT_SHELL, CUT, RECOVERED)
    escalation = (
        "If the task is more than you can do, or you are stuck, answer with a block that holds only this, and a stronger"
        f" model takes over for good, with the files as you left them:\n\n```bash\n{ESCALATE} the reason\n```"
    )

    def opening(self, scene: Scene, system: str) -> tuple[Message, ...]:
        return opening(scene.task, system)

    def act(self, completion: Completion, scene: Scene) -> Outcome:
        message = completion.message
        if completion.stop_reason == "length":
            return _refused(CUT, "truncated")
        text, reasoning = message.content.strip(), (message.reasoning or "").strip()
        found = blocks_in(text)
        shells = [body for language, body in found if language in _SHELLS]
        if len(shells) == 1:
            return _run(shells[0], scene)
        if shells:
            return _refused(SEVERAL.format(count=len(shells)), "several_blocks", "malformed")
        if found:
            return _refused(NOT_SHELL.format(language=found[0][0]), "malformed")
        if not text and reasoning:
            return _out_of_reasoning(reasoning, scene)
        if not text:
            return Outcome(replies=(say(NO_BLOCK),), slips=("empty",))
        return _refused(NO_BLOCK, "no_action" if "```" not in text else "malformed")

    def wish(self, completion: Completion, scene: Scene) -> Wish:
        block = _meant(completion)
        if block is None or block == SUBMIT:
            return Wish()
        asked = _ASKED.search(block)
        reason = None if asked is None else asked.group(1).strip(" '\"`:()")
        return Wish(commands=(block,), escalate=reason)


def _meant(completion: Completion) -> str | None:
    """The one block that `act` would run."""
    text, reasoning = completion.message.content.strip(), (completion.message.reasoning or "").strip()
    shells = [body for language, body in blocks_in(text or reasoning) if language in _SHELLS]
    hidden = not text and not reasoning.endswith("```")
    return None if completion.stop_reason == "length" or len(shells) != 1 or hidden else shells[0].strip()


def _run(block: str, scene: Scene, *, recovered: bool = False) -> Outcome:
    command = block.strip()
    if command == SUBMIT:
        return Outcome(acts=(Act(name="submit", status="ok", recovered=recovered),), submitted=True)
    result = scene.sandbox.run(command, scene.command_s)
    text = describe(result, scene.most_chars)
    return Outcome(
        replies=(say(RECOVERED.format(result=text) if recovered else text),),
        acts=(act_of("bash", result, recovered=recovered),),
    )


def _out_of_reasoning(reasoning: str, scene: Scene) -> Outcome:
    """An empty answer whose reasoning ends with its only block: that block is what was meant."""
    shells = [body for language, body in blocks_in(reasoning) if language in _SHELLS]
    if len(shells) == 1 and reasoning.endswith("```"):
        done = _run(shells[0], scene, recovered=True)
        return Outcome(
            replies=done.replies, acts=done.acts, slips=("call_in_reasoning",), submitted=done.submitted
        )
    if shells:
        return _refused(NO_BLOCK, "call_in_reasoning", "malformed")
    return Outcome(replies=(say(NO_BLOCK),), slips=("empty",))


def _refused(words: str, *slips: Slip) -> Outcome:
    """Nothing is run. Talk without a block is no act at all; everything else is one that could not be read."""
    status = "truncated" if "truncated" in slips else "malformed"
    acts = () if slips == ("no_action",) else (Act(name="answer", status=status),)  # type: ignore[arg-type]
    return Outcome(replies=(say(words),), acts=acts, slips=slips)
