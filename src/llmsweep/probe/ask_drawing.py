"""The questions about how tokens are drawn: temperature, top_p, top_k, min_p, repeat_penalty and seed.

Each is asked for where it must show: at a high temperature, where seeds give different texts, one that leaves a single
token to choose takes the difference away; a penalty changes a text that repeats itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from llmsweep.probe import drawing, wire
from llmsweep.probe.drawing import Drawn
from llmsweep.probe.hearing import FIRST, SEEDS, Asker, Hearing
from llmsweep.probe.interview import Call, Interview
from llmsweep.probe.report import Finding
from llmsweep.probe.wanted import Wanted
from llmsweep.types import Sampling

HOT = 1.0
"""The temperature at which drawing shows, where the space has none of `_HOT_ENOUGH`; every API takes it."""
_HOT_ENOUGH = 0.7
_NARROW: dict[str, Any] = {"top_p": 0.001, "top_k": 1, "min_p": 1.0}
"""Values that leave one token to choose."""
_PENALTY = 2.0
"""The largest that every server takes."""
_MARKS: dict[str, Any] = {
    "temperature": 0.8125,
    "top_p": 0.9375,
    "top_k": 37,
    "min_p": 0.046875,
    "repeat_penalty": 1.0625,
}
"""Values that nothing else in a request has by chance."""
_REPEATING = "Write the word sea thirty times in one line, and nothing else: sea sea sea sea"


class Drawing(Asker):
    """A method a group of knobs that are proven together."""

    def __init__(self, interview: Interview, wanted: Wanted) -> None:
        super().__init__(interview, wanted)
        self._hot_ones: dict[Hearing, Drawn] = {}

    def basics(self, hearing: Hearing) -> list[Finding]:
        """temperature, top_p and seed."""
        for marked in self._marked():
            self.write("marks every setting", marked, hearing.tokens)
        temperatures, top_ps = self.wanted.values("temperature"), self.wanted.values("top_p")
        cold, hot, narrow = Drawn([]), Drawn([]), None
        if temperatures:
            seeds = hearing.seeds if 0 in temperatures else hearing.seeds[:1]
            cold = self.draw("temperature 0", self._tempered(0.0), seeds, hearing.tokens)
        is_seeded = bool(wire.places(self.calls, "seed"))
        if any(temperatures) or len(top_ps) > 1 or (is_seeded and not temperatures):
            hot = self._hot(hearing)
            narrow = self._narrow("top_p", hearing) if len(top_ps) > 1 else None
        self.accept("temperature", temperatures)
        self.accept("top_p", top_ps)
        return [
            *(drawing.judge_temperature(temperatures, cold, hot, self.calls) if temperatures else ()),
            *(drawing.judge_narrowing("top_p", top_ps, narrow, hot, self.calls) if top_ps else ()),
            drawing.judge_seed(cold, hot, self.calls),
            *drawing.judge_repeats(cold, hot),
        ]

    def top_k(self, hearing: Hearing) -> list[Finding]:
        return self._narrowing("top_k", hearing)

    def min_p(self, hearing: Hearing) -> list[Finding]:
        return self._narrowing("min_p", hearing)

    def repeat_penalty(self, hearing: Hearing) -> list[Finding]:
        """A text that repeats itself, without a penalty and with a high one.

        At first at temperature 0. Where that shows nothing, it is drawn with one seed as well: the likeliest token may
        stay the likeliest under a penalty, but all probabilities change, and what is drawn by them.
        """
        values = self.wanted.values("repeat_penalty")
        if not values:
            return []
        cold, warm = self._tempered(0.0), self._warm()
        pairs = [self._pair(one, hearing) for one in ((cold,) if hearing is FIRST else (cold, warm))]
        self.accept("repeat_penalty", values)
        return drawing.judge_penalty(values, pairs, self.calls)

    def _narrowing(self, knob: str, hearing: Hearing) -> list[Finding]:
        values = self.wanted.values(knob)
        if not values:
            return []
        hot, narrow = self._hot(hearing), self._narrow(knob, hearing)
        self.accept(knob, values)
        return drawing.judge_narrowing(knob, values, narrow, hot, self.calls)

    def _hot(self, hearing: Hearing) -> Drawn:
        """Answers at a high temperature, asked for once a hearing."""
        if hearing not in self._hot_ones:
            drawn = self.draw("a high temperature", self._warm(), hearing.seeds, hearing.tokens)
            self._hot_ones[hearing] = drawn
        return self._hot_ones[hearing]

    def _narrow(self, knob: str, hearing: Hearing) -> Drawn:
        """The same with one token to choose."""
        little = replace(self._warm(), **{knob: _NARROW[knob]})
        return self.draw(f"almost no {knob}", little, hearing.seeds, hearing.tokens)

    def _pair(self, sampling: Sampling, hearing: Hearing) -> tuple[Drawn, Drawn]:
        """A text that repeats itself, twice without a penalty and once with one."""
        plain, hard = (replace(sampling, repeat_penalty=penalty) for penalty in (1.0, _PENALTY))
        return self._repeat(plain, 2, hearing), self._repeat(hard, 1, hearing)

    def _repeat(self, sampling: Sampling, times: int, hearing: Hearing) -> Drawn:
        calls: list[Call] = []
        for _ in range(times if self.interview.takes(sampling) else 0):
            why = f"a text that repeats itself, repeat_penalty {sampling.repeat_penalty:g}"
            call = self.ask(why, _REPEATING, replace(sampling, seed=SEEDS[0]), hearing.tokens)
            if call.refusal is not None:
                return Drawn([])
            calls.append(call)
        return Drawn(calls)

    def _marked(self) -> list[Sampling]:
        """The baseline with values that tell themselves apart, where it has them and the provider takes them."""
        marks = {knob: mark for knob, mark in _MARKS.items() if getattr(self.base, knob) is not None}
        marked = replace(self.base, seed=SEEDS[2], **marks)
        return [marked] if self.interview.takes(marked) else []

    def _warm(self) -> Sampling:
        temperatures = self.wanted.values("temperature")
        return self._tempered(max([t for t in temperatures if t >= _HOT_ENOUGH], default=HOT))

    def _tempered(self, temperature: float) -> Sampling:
        """Settings with a temperature: the baseline's, or of a cell that has one at all; the model's own where none has.

        Without the knobs that could hide its effect: with top_k 1 every temperature gives one text.
        """
        temperatures = self.wanted.values("temperature")
        like = self.base
        if temperatures and like.temperature is None:
            like = self.wanted.sampling("temperature", temperatures[0])
        like = replace(like, top_k=None, min_p=None, repeat_penalty=None)
        return replace(like, temperature=temperature) if temperatures else like
