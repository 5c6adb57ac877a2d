"""Ollama's own chat API, always streamed: the one of its two that takes the window's size, and so the one to measure by.

What a request leaves out, the model's own file decides: everything is sent. A prompt that does not fit must be refused
rather than cut, which is asked for in every request and, where a server cannot, noticed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from llmsweep.errors import ProviderError, UnfitError, UsageError, nearest
from llmsweep.providers import ollama_wording as wording
from llmsweep.providers import retry
from llmsweep.providers.base import OnChunk
from llmsweep.providers.deciding import TOP, AnswerForm, Decision, Question, likely, said
from llmsweep.providers.linked import Linked
from llmsweep.providers.ollama_window import Window
from llmsweep.types import Completion, Message, Sampling, Tool

if TYPE_CHECKING:
    from llmsweep.providers.ollama_chunks import Answer
    from llmsweep.providers.ollama_link import Link
    from llmsweep.providers.ollama_served import Served

_COLD_S = 0.25
"""A model that is loaded already is found in less than a tenth of a second."""
_WARM_UP = (Message(role="user", content="Say OK."),)
_WARM_UP_TOKENS = 4
_LEAVING_S = 10.0


class OllamaChat(Linked["Link"]):
    """One model of an Ollama server; the arguments are what conf/provider/ollama.yaml may set.

    ``model``: its tag. ``host``: None takes OLLAMA_HOST, else port 11434 of this machine. ``revision``: the digest that
    the tag must have, 12 hex digits or more. ``context``: tokens of each stream's window, set with every request.
    ``slots``: the server's OLLAMA_NUM_PARALLEL, which it does not tell. ``keep_alive``: how long the model stays
    loaded after a request. ``load_timeout_s``: for loading, in entering; ``idle_timeout_s``: the longest silence
    in an answer, the reading of its prompt included. ``options``: the server's, over the neutral ones. ``echo``:
    whether earlier reasoning reaches the model; None believes what the server says about the model. ``after``: what
    becomes of a model that entering loaded: `keep` leaves it loaded.

    Raises UsageError for arguments that cannot be right.
    """

    name = "ollama"
    answer_form: AnswerForm = "json_schema"

    def __init__(
        self,
        *,
        model: str | None,
        host: str | None = None,
        revision: str | None = None,
        slots: int = 1,
        context: int = 8192,
        keep_alive: str | int = "30m",
        connect_timeout_s: float = 5.0,
        load_timeout_s: float = 900.0,
        idle_timeout_s: float = 600.0,
        options: Mapping[str, Any] | None = None,
        echo: bool | None = None,
        after: str = "found",
    ) -> None:
        super().__init__()
        if not model:
            raise UsageError("model.id is missing: say the model's tag in Ollama, such as qwen3-coder:30b.")
        if slots < 1:
            raise UsageError(f"provider.slots={slots}: it must be 1 or more.")
        if context < 1:
            raise UsageError(f"provider.context={context}: it must be 1 or more.")
        if keep_alive in (0, "0", "0s", "0m"):
            raise UsageError(
                f"provider.keep_alive={keep_alive}: every call would load the model anew; say 30m."
            )
        wording.check_options(options or {})
        self.slots = slots
        self.load_s: float | None = None
        """Seconds until the model was loaded at the last entering; in no measured completion."""
        self.address: str | None = (root := wording.address(host))
        self._model, self._root, self._pinned = model, root, revision
        self._context, self._keep_alive, self._echo = context, keep_alive, echo
        self._options = dict(options or {})
        self._connect_s, self._load_s, self._idle_s = connect_timeout_s, load_timeout_s, idle_timeout_s
        self._keeps = after == "keep"
        self._found: Served | None = None
        self._window: Window | None = None
        self._ours = False

    @property
    def server(self) -> str:
        """What serves the model, with its version: the same request is sampled differently by some. Raises UnfitError."""
        return f"ollama {self._served().version}"

    def revision(self) -> str:
        """The digest of the tag's manifest, 64 hex digits: weights, template and the model's own parameters.

        Raises UnfitError when no server answers, the tag is not there, or moved away from the pinned digest.
        """
        return self._served().digest

    def context(self) -> int:
        """As configured; entering fails where another one is in force. Raises UsageError where the model's is smaller."""
        trained = self._served().trained
        if trained is not None and self._context > trained:
            raise UsageError(f"provider.context={self._context}: this model's window holds {trained} tokens.")
        return self._context

    def check(self, sampling: Sampling) -> None:
        """By what the server says about the model."""
        if sampling.max_tokens >= self._context:
            raise UsageError(
                f"max_tokens={sampling.max_tokens}: the context window holds {self._context} tokens, prompt included."
            )
        served, reasoning = self._served(), sampling.reasoning
        if reasoning and not served.thinks:
            raise UsageError(
                f"reasoning={_word(reasoning)}: Ollama says that {self._model} has no capability 'thinking'."
            )
        if isinstance(reasoning, str) and reasoning not in wording.LEVELS:
            raise UsageError(
                f"reasoning={reasoning}: Ollama has no such level; {nearest(reasoning, wording.LEVELS)}"
            )
        if isinstance(reasoning, bool) and served.levels_only:
            raise UsageError(
                f"reasoning={_word(reasoning)}: {self._model} ignores a switch; it takes low, medium or high."
            )
        if sampling.echo_reasoning and not (served.renders_thinking if self._echo is None else self._echo):
            raise UsageError(
                f"echo_reasoning=true: Ollama's template of {self._model} has no place for earlier reasoning;"
                " set provider.echo=true if it reaches the model all the same."
            )

    def __enter__(self) -> Self:
        served = self._served()
        self.context()
        link = self._connect()
        self._window = None
        try:
            self._ours = all(running.digest != served.digest for running in link.running())
            self._make_ready(link, served)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        sampling: Sampling,
        on_chunk: OnChunk | None = None,
    ) -> Completion:
        """See `Provider.complete`. A prompt that was cut, though we forbid it, is a full context too."""
        from llmsweep.providers.ollama_chunks import Answer

        return self._answered(self._body(messages, tools, sampling), Answer(on_chunk), len(messages))

    def decide(self, messages: Sequence[Message], question: Question, sampling: Sampling) -> Decision:
        """See `Decides.decide`. Servers before 0.12.11 pass over the wish for logprobs."""
        from llmsweep.providers.ollama_chunks import Answer

        answer = Answer()
        form = {"format": question.schema, "logprobs": True, "top_logprobs": TOP}
        completion = self._answered({**self._body(messages, (), sampling), **form}, answer, len(messages))
        return Decision(
            completion=completion,
            word=said(question, completion),
            likely=likely(question, answer.tokens),
        )

    def _answered(self, body: dict[str, Any], answer: Answer, turn: int) -> Completion:
        link = self._entered()
        written_ns = self._streamed(lambda: link.stream(body, answer))
        if isinstance(written_ns, Completion):
            return written_ns
        if answer.last.remote_host:
            raise ProviderError(f"{self._model} was answered by {answer.last.remote_host}", fatal=True)
        return self._completion(body, answer, turn, written_ns)

    def _body(self, messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling) -> dict[str, Any]:
        offered = {"tools": wording.tools(tools)} if tools else {}
        return {
            "model": self._model,
            "messages": wording.messages(messages, echo=sampling.echo_reasoning),
            **offered,
            "stream": True,
            "think": sampling.reasoning,
            "truncate": False,
            "shift": False,
            "keep_alive": self._keep_alive,
            "options": wording.options(sampling, self._context, self._options),
        }

    def _completion(self, body: dict[str, Any], answer: Answer, turn: int, written_ns: int) -> Completion:
        def since(at_ns: int | None) -> float | None:
            return None if at_ns is None else (at_ns - written_ns) / 1e9

        message, usage, last = answer.message(turn), answer.usage(), answer.last
        reason = wording.stop_reason(
            last.done_reason, calls=bool(message.tool_calls), usage=usage, context=self._context
        )
        if self._window is not None and self._window.was_cut(body, usage.input_tokens):
            reason = "context"
        load_s = _seconds(last.load_duration)
        return Completion(
            message=message,
            usage=usage,
            ttft_s=since(answer.first_ns),
            ttfo_s=since(answer.first_output_ns),
            load_s=load_s,
            prefill_s=_seconds(last.prompt_eval_duration),
            decode_s=_seconds(last.eval_duration),
            duration_s=since(answer.last_ns) or 0.0,
            stop_reason=reason,
            cold=load_s is not None and load_s >= _COLD_S,
        )

    def _make_ready(self, link: Link, served: Served) -> None:
        """Load, warm up, and see what is in force. Raises UnfitError."""
        from llmsweep.providers.ollama_find import refuse_other_window, refuses

        began = perf_counter()
        try:
            link.load(self._body((), (), Sampling()), self._load_s)
        except ProviderError as e:
            if self.aborted.is_set():
                raise ProviderError("aborted") from None
            raise UnfitError(
                f"{e}; {self._model} could not be loaded with provider.context={self._context}."
            ) from e
        self.load_s = perf_counter() - began
        reasoning: bool | str = wording.LEVELS[0] if served.levels_only else False
        sampling = Sampling(max_tokens=_WARM_UP_TOKENS, reasoning=reasoning)
        if retry.complete(self, _WARM_UP, (), sampling).usage.input_tokens is None:
            raise UnfitError("Ollama does not say how many tokens it read (prompt_eval_count); update it.")
        refuse_other_window(link, served, self._context)
        numbers = Message(role="user", content=" ".join(map(str, range(self._context))))
        body = self._body((numbers,), (), Sampling(max_tokens=1, reasoning=reasoning))
        if not refuses(link, body):
            self._window = Window(self._context)

    def _served(self) -> Served:
        """What the server says of the model, asked once. Raises UnfitError naming what is missing."""
        from llmsweep.providers.ollama_find import find

        if self._found is None:
            with self._asking() as link:
                self._found = find(link, self._model, self._pinned)
        return self._found

    def _open(self) -> Link:
        from llmsweep.providers.ollama_link import Link

        return Link(self._root, connect_s=self._connect_s, idle_s=self._idle_s)

    def _leave(self) -> None:
        """Give the memory back, unless the model was loaded before we came, or is to be kept."""
        self._close()
        if self._ours and not self._keeps:
            self._ours = False
            with suppress(ProviderError), self._asking() as fresh:
                fresh.load({"model": self._model, "messages": [], "keep_alive": 0}, _LEAVING_S)


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1e9


def _word(reasoning: bool | str) -> str:
    return str(reasoning).lower()
