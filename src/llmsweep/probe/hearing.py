"""At what length a question is asked, and who asks it: what the questions about all knobs have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from llmsweep.probe.drawing import Drawn
from llmsweep.probe.interview import Call, Interview, Question
from llmsweep.probe.report import Finding, word
from llmsweep.probe.wanted import Wanted
from llmsweep.types import Message, Sampling, Tool

SEEDS = (72_390_113, 1_618_033, 27_182_818)
FEW = 4
"""Tokens of an answer whose text does not matter."""

ADD = Tool(
    name="add",
    description="Add two whole numbers.",
    parameters={
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "required": ["a", "b"],
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """``seeds``: of the calls that differ in nothing else; ``tokens``: of the texts that are compared,
    ``thought_tokens``: of answers that reason; ``puzzle``: what there is to think about.
    """

    seeds: tuple[int, ...]
    tokens: int
    thought_tokens: int
    puzzle: str


FIRST = Hearing(
    seeds=(SEEDS[0], SEEDS[0], SEEDS[1]), tokens=16, thought_tokens=512, puzzle="What is 17 + 25?"
)
SECOND = Hearing(
    seeds=(SEEDS[0], SEEDS[0], *SEEDS),
    tokens=48,
    thought_tokens=1024,
    # Models that think only where they see need to do so here.
    puzzle="How many primes lie between 1000 and 1100? Think it through step by step before you answer.",
)


def heard(hear: Callable[[Hearing], list[Finding]]) -> list[Finding]:
    """The findings of a hearing; of the second one where the first would accuse anybody."""
    findings = hear(FIRST)
    return hear(SECOND) if any(f.verdict == "ignored" for f in findings) else findings


class Asker:
    """Asks plain questions about what is wanted."""

    def __init__(self, interview: Interview, wanted: Wanted) -> None:
        self.interview, self.wanted = interview, wanted
        self.base = wanted.baseline.sampling

    @property
    def calls(self) -> list[Call]:
        return self.interview.calls

    def ask(
        self, why: str, asked: str, sampling: Sampling, tokens: int, *, pieces: int | None = None
    ) -> Call:
        messages = (Message(role="user", content=asked),)
        question = Question(why=why, messages=messages, sampling=sampling, tokens=tokens, pieces=pieces)
        return self.interview.ask(question)

    def write(self, why: str, sampling: Sampling, tokens: int) -> Call:
        return self.ask(why, "Write ten random words, and nothing else.", sampling, tokens)

    def draw(self, what: str, sampling: Sampling, seeds: Sequence[int], tokens: int) -> Drawn:
        """An answer with each seed; what is refused gives none."""
        calls: list[Call] = []
        for seed in seeds if self.interview.takes(sampling) else ():
            call = self.write(f"{what}, seed {seed}", replace(sampling, seed=seed), tokens)
            if call.refusal is not None:
                return Drawn([])
            calls.append(call)
        return Drawn(calls)

    def accept(self, knob: str, values: Sequence[float | int]) -> None:
        """Ask with each value that no call asked for yet: the server may refuse it."""
        for value in values:
            if any(getattr(call.sampling, knob) == value for call in self.calls):
                continue
            self.write(f"{knob} {word(value)}", self.wanted.sampling(knob, value), FEW)
