"""OpenAI's chat completions, always streamed, as llama-server, vLLM, LM Studio, Ollama's /v1 and OpenAI speak them.

The vendor's client sends the request and judges the answer's status; the body is read by us, as its bytes
arrive, because its clocks are the point of it all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from llmsweep.errors import ProviderError, UnfitError, UsageError, nearest
from llmsweep.providers import retry, wording
from llmsweep.providers.base import OnChunk
from llmsweep.providers.chunks import Answer
from llmsweep.providers.deciding import TOP, Decision, Question, check_form, likely, said
from llmsweep.providers.dialect import Dialect, Fragment
from llmsweep.providers.linked import Linked
from llmsweep.types import Completion, Message, Sampling, Tool

if TYPE_CHECKING:
    from llmsweep.providers.link import Link
    from llmsweep.providers.served import Served

_OURS = frozenset(
    [
        "model",
        "messages",
        "tools",
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "seed",
        "stream",
        "stream_options",
        "response_format",
        "logprobs",
        "top_logprobs",
    ]
)
_WARM_UP = (Message(role="user", content="Say OK."),)
_WARM_UP_TOKENS = 4


class OpenAICompatible(Linked["Link"]):
    """One model of an OpenAI-compatible server; the arguments are what conf/provider/openai.yaml may set.

    ``model``: the server's name for it. ``base_url``: with its /v1. ``api_key_env``: the name of the
    environment variable that holds the key. ``revision``: which weights answer, where the server's name
    for the model does not tell. ``context``: tokens of each stream's window, None asks the server.
    ``idle_timeout_s``: the longest silence, before the first piece or between two; an answer as a whole
    has no limit. ``extra_body``: fields of every request beside the standard ones. ``reasoning_on``,
    ``reasoning_off``, ``reasoning_levels``, ``echo``, ``echo_field``, ``length_field``, ``sampling_fields``: see
    `Dialect`; what they put into a request wins over ``extra_body``. ``warm_up``: entering makes a call of a few tokens,
    so that no measured one is cold. ``answer_form``: what holds a decision to its form, `json_schema` (the server) or
    `text` (nothing); ``logprobs``: a decision asks how likely its words were.

    Raises UsageError for arguments that cannot be right.
    """

    name = "openai"

    def __init__(
        self,
        *,
        model: str | None,
        base_url: str = "http://127.0.0.1:8080/v1",
        api_key_env: str | None = None,
        revision: str | None = None,
        slots: int = 1,
        context: int | None = None,
        connect_timeout_s: float = 5.0,
        idle_timeout_s: float = 300.0,
        extra_body: Fragment | None = None,
        reasoning_on: Fragment | None = None,
        reasoning_off: Fragment | None = None,
        reasoning_levels: Mapping[str, Fragment] | None = None,
        echo: bool = False,
        echo_field: str = "reasoning_content",
        length_field: str = "max_tokens",
        sampling_fields: Mapping[str, str | None] | None = None,
        warm_up: bool = True,
        answer_form: str = "json_schema",
        logprobs: bool = True,
    ) -> None:
        super().__init__()
        if not model:
            raise UsageError("model.id is missing: say what the server calls the model.")
        if slots < 1:
            raise UsageError(f"provider.slots={slots}: it must be 1 or more.")
        if ours := _OURS.intersection(extra_body or {}):
            raise UsageError(f"provider.extra_body.{min(ours)}: the sweep sends this field itself.")
        for knob, field in (sampling_fields or {}).items():
            if field in _OURS:
                raise UsageError(
                    f"provider.sampling_fields.{knob}={field}: the sweep sends this field itself."
                )
        self.slots = slots
        self.address: str | None = base_url
        self._model, self._base_url, self._api_key_env = model, base_url.rstrip("/"), api_key_env
        self._revision, self._context, self._warm_up = revision, context, warm_up
        self._connect_s, self._idle_s = connect_timeout_s, idle_timeout_s
        self._extra_body = dict(extra_body or {})
        self._dialect = Dialect(
            on=reasoning_on,
            off=reasoning_off,
            levels=reasoning_levels,
            echo=echo,
            echo_field=echo_field,
            length_field=length_field,
            sampling_fields=sampling_fields,
        )
        self.answer_form = check_form(answer_form, ("json_schema", "text"))
        self._logprobs = logprobs
        self._warm = False

    def revision(self) -> str:
        """The configured one, else the server's name for the model with what llama-server tells of the weights."""
        with self._asking() as link:
            fingerprint = self._served(link).fingerprint
        return self._revision or fingerprint

    def context(self) -> int | None:
        """As configured, else as llama-server or vLLM says."""
        if self._context is None:
            with self._asking() as link:
                self._context = self._served(link).context or link.slot_context()
        return self._context

    def check(self, sampling: Sampling) -> None:
        self._dialect.check(sampling)
        if self._context is not None and sampling.max_tokens >= self._context:
            raise UsageError(
                f"max_tokens={sampling.max_tokens}: the context window holds {self._context} tokens, prompt included."
            )

    def __enter__(self) -> Self:
        self._connect()
        self._warm = False
        if self._warm_up:
            reasoning = self._dialect.mildest
            sampling = Sampling(max_tokens=_WARM_UP_TOKENS, reasoning=reasoning)
            try:
                retry.complete(self, _WARM_UP, (), sampling)
            except BaseException:
                self._close()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        sampling: Sampling,
        on_chunk: OnChunk | None = None,
    ) -> Completion:
        """See `Provider.complete`. Raises a fatal ProviderError when a model reasons that has no switch to stop it."""
        return self._answered(
            self._body(messages, tools, sampling), len(messages), sampling, Answer(on_chunk)
        )

    def decide(self, messages: Sequence[Message], question: Question, sampling: Sampling) -> Decision:
        """See `Decides.decide`."""
        body, answer = self._body(messages, (), sampling), Answer()
        if self.answer_form == "json_schema":
            form = {"name": question.field, "strict": True, "schema": question.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        if self._logprobs:
            body |= {"logprobs": True, "top_logprobs": TOP}
        try:
            completion = self._answered(body, len(messages), sampling, answer)
        except ProviderError as e:
            if e.refused and not e.retryable and not e.fatal:
                raise ProviderError(
                    f"{e}; where it is the form or the logprobs that this server does not take, set"
                    " provider.answer_form=text or provider.logprobs=false",
                    refused=True,
                ) from e
            raise
        return Decision(
            completion=completion,
            word=said(question, completion),
            likely=likely(question, answer.tokens),
        )

    def _answered(self, body: dict[str, Any], turn: int, sampling: Sampling, answer: Answer) -> Completion:
        link = self._entered()
        written_ns = self._streamed(lambda: link.stream(body, answer))
        if isinstance(written_ns, Completion):
            return written_ns
        completion = self._completion(answer, turn, written_ns)
        self._refuse_false_label(completion, sampling)
        self._warm = True
        return completion

    def _body(self, messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling) -> dict[str, Any]:
        extra = wording.merged(self._extra_body, self._dialect.fragment(sampling.reasoning))
        extra |= self._dialect.knobs(sampling)
        body = {"model": self._model, **wording.request(messages, tools, sampling, self._dialect)}
        return {**body, "extra_body": extra} if extra else body

    def _completion(self, answer: Answer, turn: int, written_ns: int) -> Completion:
        def since(at_ns: int | None) -> float | None:
            return None if at_ns is None else (at_ns - written_ns) / 1e9

        message, usage, timings = answer.message(turn), answer.usage(), answer.timings
        prefill_ms, decode_ms = (timings.prompt_ms, timings.predicted_ms) if timings else (None, None)
        return Completion(
            message=message,
            usage=usage,
            ttft_s=since(answer.first_ns),
            ttfo_s=since(answer.first_output_ns),
            prefill_s=None if prefill_ms is None else prefill_ms / 1000,
            decode_s=None if decode_ms is None else decode_ms / 1000,
            duration_s=since(answer.last_ns) or 0.0,
            stop_reason=wording.stop_reason(
                answer.finish_reason, calls=bool(message.tool_calls), usage=usage, context=self._context
            ),
            cold=not self._warm,
        )

    def _refuse_false_label(self, completion: Completion, sampling: Sampling) -> None:
        """A model that reasons although nothing could be sent to stop it would be logged as not reasoning."""
        if completion.message.reasoning and sampling.reasoning is False and not self._dialect.off:
            raise ProviderError(
                f"model {self._model} reasons, and provider.reasoning_off does not say how to stop it;"
                " set it, or set provider.reasoning_on={} and baseline.reasoning=true if it always does",
                fatal=True,
            )

    def _served(self, link: Link) -> Served:
        """The server's entry for the model. Raises UnfitError."""
        try:
            models = link.models()
        except ProviderError as e:
            raise UnfitError(
                f"{e}; start an OpenAI-compatible server there, for example llama-server -m MODEL.gguf"
                " --port 8080, or set provider.base_url."
            ) from e
        for model in models:
            if self._model in (model.id, *model.aliases):
                return model
        known = nearest(self._model, [model.id for model in models])
        raise UnfitError(f"model.id={self._model}: the server at {self._base_url} has no such model; {known}")

    def _open(self) -> Link:
        from llmsweep.providers.link import Address, Link

        key = None
        if self._api_key_env is not None:
            key = os.environ.get(self._api_key_env)
            if not key:
                raise UnfitError(
                    f"provider.api_key_env={self._api_key_env}: this environment variable is not set; put the key in it."
                )
        return Link(
            Address(base_url=self._base_url, api_key=key, connect_s=self._connect_s, idle_s=self._idle_s)
        )
