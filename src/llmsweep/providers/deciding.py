"""A decision: one completion whose whole answer is one of a few words, in a form that the server enforces where it can.

An optional ability: a provider without it is asked in plain text, and its answer is read strictly.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, get_args, runtime_checkable

from llmsweep.errors import UsageError, nearest
from llmsweep.providers.base import Provider
from llmsweep.types import Completion, Message, Sampling

AnswerForm = Literal["json_schema", "tool", "text"]
"""What holds the answer to its form. ``json_schema``: the server, by a grammar or the like; ``tool``: the one tool that
the model must call; ``text``: nothing but the prompt's own words."""
FORMS: tuple[str, ...] = get_args(AnswerForm)
TOP = 20
"""Alternatives that are asked for at each token: the most that OpenAI, vLLM and Ollama give."""
_FENCED = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``words``: the answers that there are; none is the beginning of another one. ``field``: of the JSON object."""

    field: str
    words: tuple[str, ...]

    @property
    def schema(self) -> dict[str, Any]:
        """JSON schema of the answer."""
        return {
            "type": "object",
            "properties": {self.field: {"type": "string", "enum": list(self.words)}},
            "required": [self.field],
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``word``: None where the answer is none of the words. ``likely``: each word's probability among the words, at the
    place where the answer says which, by the server's logprobs; None where it gives none.
    """

    completion: Completion
    word: str | None
    likely: Mapping[str, float] | None = None


class Token(NamedTuple):
    """A token of an answer, and what could have stood in its place: text -> logprob."""

    text: str
    top: Mapping[str, float]


@runtime_checkable
class Decides(Protocol):
    """What a provider has beside `Provider` where its server can hold an answer to a form."""

    answer_form: AnswerForm

    def decide(self, messages: Sequence[Message], question: Question, sampling: Sampling) -> Decision:
        """One decision. A malformed answer is a Decision without a word; raises as `Provider.complete` does."""
        ...


def form_of(provider: Provider) -> AnswerForm:
    """What holds this provider's answers to their form."""
    return provider.answer_form if isinstance(provider, Decides) else "text"


def decide(
    provider: Provider, messages: Sequence[Message], question: Question, sampling: Sampling
) -> Decision:
    """One decision by any provider."""
    if isinstance(provider, Decides):
        return provider.decide(messages, question, sampling)
    completion = provider.complete(messages, (), sampling)
    return Decision(completion=completion, word=said(question, completion))


def said(question: Question, completion: Completion) -> str | None:
    """The word that an answer gives, None where it is malformed: too long, refused, or anything else than the form.

    Taken are the object, alone or as the only thing in a code block, the arguments of the one call, and the bare word
    with a full stop at most.
    """
    if completion.stop_reason in ("length", "context", "refusal"):
        return None
    calls = completion.message.tool_calls
    if calls:
        return _of_object(question, calls[0].arguments) if len(calls) == 1 else None
    text = completion.message.content.strip()
    fenced = _FENCED.fullmatch(text)
    text = fenced.group(1) if fenced else text
    word = text.strip("\"'").removesuffix(".").lower()
    return word if word in question.words else _of_object(question, text)


def likely(question: Question, tokens: Sequence[Token]) -> Mapping[str, float] | None:
    """Probability of each word among the words, at the first token that says which of them it is.

    None where no token does, or where the server gave no alternatives there.
    """
    opening = re.compile(rf'"{re.escape(question.field)}"\s*:\s*"?([^"\s]*)"?[}}\s]*$')
    before = ""
    for token in tokens:
        if _begun(question, opening, before + token.text):
            masses = dict.fromkeys(question.words, 0.0)
            for text, logprob in token.top.items():
                if word := _begun(question, opening, before + text):
                    masses[word] += math.exp(logprob)
            whole = sum(masses.values())
            return {word: mass / whole for word, mass in masses.items()} if whole > 0 else None
        before += token.text
    return None


def check_form(form: str, known: Sequence[str] = FORMS) -> AnswerForm:
    """Raises UsageError for one that there is not."""
    for one in get_args(AnswerForm):
        if form == one and one in known:
            found: AnswerForm = one
            return found
    raise UsageError(f"provider.answer_form={form}: there is no such form here; {nearest(form, known)}")


def _begun(question: Question, opening: re.Pattern[str], text: str) -> str | None:
    """The one word that the value at the end of ``text`` can still become, or is; None where it has not begun."""
    found = opening.search(text)
    value = found.group(1) if found else ""
    if not value:
        return None
    fitting = [word for word in question.words if word.startswith(value)]
    return fitting[0] if len(fitting) == 1 else None


def _of_object(question: Question, text: str) -> str | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    word = value.get(question.field) if isinstance(value, dict) and len(value) == 1 else None
    return word if isinstance(word, str) and word in question.words else None
