"""How the server answers: as scripted, or as a small model does, honest or with lies told to it.

An honest one counts tokens, stops at max_tokens, refuses what does not fit its context, reasons when it is told to,
reads reasoning that is sent back, calls the first tool that it is offered, and answers equal requests equally. Under a
repeat penalty it does not soon say a word again.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

TOKEN_CHARS = 4
"""A token is four characters in this server's counting."""
Lie = Literal[
    "always greedy",
    "always drawing",
    "disturbed",
    "unseeded",
    "one seed",
    "any top_p",
    "any top_k",
    "any min_p",
    "any repeat_penalty",
    "cool only",
    "any length",
    "short only",
    "cuts unsaid",
    "reasons anyway",
    "never reasons",
    "levels alike",
    "forgets reasoning",
    "cuts prompts",
    "half the window",
    "calls as text",
    "no tools",
    "buffers",
    "no forms",
]
"""Where a server does not do what it was asked to.

``always greedy``, ``always drawing``: whatever the temperature; ``disturbed``: temperature 0 ends differently every
other time; ``unseeded``: every seed is another; ``one seed``: all are the same; ``any top_p`` and its like: that
setting is not read; ``cool only``: refuses temperatures
above 1; ``any length``: max_tokens is not read; ``short only``: refuses more than 100 of them; ``cuts unsaid``: finish says stop; ``forgets reasoning``: what is sent
back is not read; ``cuts prompts``: to half the window instead of refusing them; ``half the window``: it is half as
large as said; ``no tools``: refuses them; ``buffers``: all pieces come at the end; ``no forms``: response_format is not read.
"""
_EFFORTS = {"low": 1, "medium": 2, "high": 3}
_NARROW, _SHORT = 0.1, 100
_WORDS = ("the ", "sea ", "is ", "wide ", "and ", "deep ")
_PENALISED = 3
"""Words that are not said again under a penalty."""
_counter = itertools.count()


class Piece(msgspec.Struct, frozen=True):
    """One streamed delta, ``after_s`` seconds after the one before it (the first: after the request came).
    ``logprobs``: of its tokens, as the dialect has them.
    """

    delta: dict[str, Any]
    after_s: float = 0.0
    logprobs: dict[str, Any] | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """How one request is answered.

    ``status``, ``headers``, ``error``: other than 200 it is refused with this body. ``silent_s``: seconds
    before even the headers are sent. ``finish``: the finish_reason, None leaves it out. ``usage``,
    ``timings``: sent at the end where given. ``garbage``: a line sent as it is, after the pieces. ``ends``:
    properly, or by a dropped connection, or never; "hanging up" ends properly, and closes the connection
    under the next request on it.
    """

    status: int = 200
    headers: dict[str, str] = {}
    error: Any = None
    silent_s: float = 0.0
    pieces: Sequence[Piece] = ()
    finish: str | None = "stop"
    usage: dict[str, Any] | None = None
    timings: dict[str, Any] | None = None
    garbage: str | None = None
    ends: Literal["properly", "dropped", "stalled", "hanging up"] = "properly"


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What the server claims to serve. ``tokens``: length of an answer, after ``thoughts`` tokens of reasoning where
    it reasons; ``gap_s``: seconds before each token.
    """

    id: str = "stub"
    context: int | None = 4096
    tokens: int = 12
    thoughts: int = 1
    gap_s: float = 0.0
    lies: frozenset[Lie] = frozenset()


def text(content: str, after_s: float = 0.0) -> Piece:
    """A delta of plain text."""
    return Piece({"content": content}, after_s)


def unscripted(model: Model, body: dict[str, Any]) -> Answer:
    """The answer of a small model to this request."""
    if (refusal := _refusal(model, body)) is not None:
        return refusal
    asked = _prompt_tokens(model, body)
    calls = bool(body.get("tools")) and "calls as text" not in model.lies
    form = body.get("response_format")
    if form is not None and "no forms" not in model.lies:
        answer = decided(model, body, form["json_schema"]["schema"])
    else:
        answer = list(_call(body["tools"][0]) if calls else _words(model, body))
    pieces = [*_thoughts(model, body), *answer]
    said = pieces if "any length" in model.lies else pieces[: _most(body)]
    finish = "length" if len(said) < len(pieces) else "tool_calls" if calls else "stop"
    if finish == "length" and "cuts unsaid" in model.lies:
        finish = "stop"
    usage = {"prompt_tokens": asked, "completion_tokens": len(said), "total_tokens": asked + len(said)}
    role = Piece({"role": "assistant", "content": None})
    if "buffers" in model.lies:
        said = [
            Piece(piece.delta, 0.0 if at else len(said) * model.gap_s, piece.logprobs)
            for at, piece in enumerate(said)
        ]
    wanted = body.get("stream_options", {}).get("include_usage")
    return Answer(pieces=[role, *said], finish=finish, usage=usage if wanted else None)


def decided(model: Model, body: dict[str, Any], schema: dict[str, Any]) -> list[Piece]:
    """An object of the form, whose one word is drawn by the prompt alone where it does not draw, else by the seed too;
    with logprobs of what was drawn from, where they are asked for. A word that the last message asks for ("[wake]") is likelier.
    """
    (field, about), *_ = schema["properties"].items()
    words = about["enum"]
    weights = dict(zip(words, _weights(body["messages"], words), strict=True))
    seed = _seed(model, body)
    word = max(words, key=weights.__getitem__)
    if seed is not None:
        drawn = random.Random(json.dumps([body["messages"], seed]))
        word = drawn.choices(words, [weights[one] for one in words])[0]
    tokens = [('{"', {}), (field, {}), ('": "', {}), (word, weights), ('"}', {})]
    return [
        Piece({"content": token}, model.gap_s, _logprobs(token, top) if body.get("logprobs") else None)
        for token, top in tokens
    ]


def _weights(messages: list[dict[str, Any]], words: Sequence[str]) -> list[float]:
    asked = messages[-1]["content"]
    drawn = random.Random(json.dumps(messages))
    raw = [drawn.uniform(0.2, 1.0) * (6.0 if f"[{word}]" in asked else 1.0) for word in words]
    return [weight / sum(raw) for weight in raw]


def _logprobs(token: str, top: dict[str, float]) -> dict[str, Any]:
    told = [{"token": one, "logprob": math.log(share)} for one, share in (top or {token: 1.0}).items()]
    return {"content": [{"token": token, "logprob": -0.1, "top_logprobs": told}]}


def _refusal(model: Model, body: dict[str, Any]) -> Answer | None:
    if body["model"] != model.id:
        return Answer(status=404, error={"error": {"message": f"model {body['model']!r} does not exist"}})
    if "cool only" in model.lies and (body.get("temperature") or 0) > 1:
        return Answer(status=400, error={"error": {"message": "temperature: must be between 0 and 1"}})
    if "short only" in model.lies and _most(body) > _SHORT:
        return Answer(status=400, error={"error": {"message": f"max_tokens: at most {_SHORT}"}})
    if "no tools" in model.lies and body.get("tools"):
        return Answer(status=400, error={"error": {"message": f"{model.id} does not support tools"}})
    window = model.context
    if window is not None and "half the window" in model.lies:
        window //= 2
    asked = _prompt_tokens(model, body)
    if window is None or asked < window:
        return None
    error = {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": asked, "n_ctx": window}
    return Answer(status=400, error={"error": error})


def _most(body: dict[str, Any]) -> int:
    return int(body["max_completion_tokens"] if "max_completion_tokens" in body else body["max_tokens"])


def _prompt_tokens(model: Model, body: dict[str, Any]) -> int:
    read = ("content",) if "forgets reasoning" in model.lies else ("content", "reasoning_content")
    asked = sum(len(m.get(part) or "") for m in body["messages"] for part in read) // TOKEN_CHARS + 1
    if "cuts prompts" in model.lies and model.context is not None and asked >= model.context:
        return model.context // 2
    return asked


def _thoughts(model: Model, body: dict[str, Any]) -> Iterator[Piece]:
    # The switches of llama-server and vLLM, of OpenAI, and of OpenRouter.
    kwargs, asked = body.get("chat_template_kwargs", {}), body.get("reasoning", {})
    effort = body.get("reasoning_effort", asked.get("effort", "none"))
    on = kwargs.get("enable_thinking") or asked.get("enabled") or effort != "none"
    if "never reasons" in model.lies or not (on or "reasons anyway" in model.lies):
        return
    times = 1 if "levels alike" in model.lies else _EFFORTS.get(effort, 1)
    for _ in range(times * model.thoughts):
        yield Piece({"reasoning_content": "hmm "}, model.gap_s)


def _words(model: Model, body: dict[str, Any]) -> Iterator[Piece]:
    """Words drawn by the prompt and, where it draws at all, the seed; a tool's call among them where that is the lie."""
    if body.get("tools"):
        name = body["tools"][0]["function"]["name"]
        yield text(json.dumps({"name": name, "arguments": {"a": "2"}}), model.gap_s)
        return
    drawn = random.Random(json.dumps([body["messages"], _seed(model, body)]))
    said: list[str] = []
    for left in range(model.tokens, 0, -1):
        late = said[-_PENALISED:] if _is_penalised(model, body) else ()
        word = drawn.choice([word for word in _WORDS if word not in late])
        said.append(word)
        if left == 1 and "disturbed" in model.lies and not body.get("temperature"):
            word = ("calm ", "wild ")[next(_counter) % 2]
        yield text(word, model.gap_s)


def _seed(model: Model, body: dict[str, Any]) -> int | float | None:
    """What decides the words beside the prompt, None where nothing does."""
    drawing = body.get("temperature", 1.0) > 0
    one_left = {
        "any top_p": body.get("top_p", 1.0) < _NARROW,
        "any top_k": body.get("top_k") == 1,
        "any min_p": body.get("min_p", 0.0) >= 1,
    }
    if any(narrow and lie not in model.lies for lie, narrow in one_left.items()):
        drawing = False
    if "always drawing" in model.lies:
        drawing = True
    if "always greedy" in model.lies or not drawing:
        return None
    if "one seed" in model.lies:
        return 1
    return random.random() if "unseeded" in model.lies or body.get("seed") is None else int(body["seed"])


def _is_penalised(model: Model, body: dict[str, Any]) -> bool:
    # llama.cpp's name, else that of vLLM and OpenRouter.
    penalty = body.get("repetition_penalty", body.get("repeat_penalty", 1.0))
    return penalty > 1 and "any repeat_penalty" not in model.lies


def _call(tool: dict[str, Any]) -> Iterator[Piece]:
    """A call of this tool with a value for every required parameter, in fragments."""
    function = tool["function"]
    arguments = json.dumps(dict.fromkeys(function["parameters"].get("required", ()), "1"))
    first = {"name": function["name"], "arguments": ""}
    yield Piece({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": first}]})
    for at in range(0, len(arguments), TOKEN_CHARS):
        fragment = {"arguments": arguments[at : at + TOKEN_CHARS]}
        yield Piece({"tool_calls": [{"index": 0, "function": fragment}]})
