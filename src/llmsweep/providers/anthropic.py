"""Anthropic's messages API, always streamed: thinking that goes back signed, a cache that follows the conversation.

No API of Anthropic takes a seed: it is not sent, repeats are independent draws, and equal requests may be answered
differently at temperature 0 too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from llmsweep.errors import ProviderError, UnfitError, UsageError, nearest
from llmsweep.providers import anthropic_wording as wording
from llmsweep.providers import retry
from llmsweep.providers.anthropic_thinking import Thinking
from llmsweep.providers.base import OnChunk
from llmsweep.providers.deciding import Decision, Question, check_form, said
from llmsweep.providers.dialect import Fragment
from llmsweep.providers.linked import Linked
from llmsweep.providers.wording import merged
from llmsweep.types import Completion, Message, Sampling, Tool

if TYPE_CHECKING:
    from llmsweep.providers.anthropic_events import Answer
    from llmsweep.providers.anthropic_link import Link
    from llmsweep.providers.anthropic_served import Served

_OURS = frozenset(["model", "messages", "system", "tools", "temperature", "top_p", "max_tokens", "stream"])
_ALTERING = "ANTHROPIC_CUSTOM_HEADERS"
"""The one variable whose content the client library puts into every request, whatever it is told."""
_WARM_UP = (Message(role="user", content="Say OK."),)
_WARM_UP_TOKENS = 16


class AnthropicMessages(Linked["Link"]):
    """One Claude model; the arguments are what conf/provider/anthropic.yaml may set.

    ``model``: its id or an alias. ``api_key_env``, ``proxy_env``: the names of the environment variables that hold
    the key and, where one is needed, the URL of an HTTP proxy. ``api_version``: None is the client library's.
    ``betas``: of the API, each by its dated name. ``context``: tokens of the window, None asks the service.
    ``idle_timeout_s``: the longest silence; a ping breaks it, as does a piece. ``cache``: the growing prompt is
    kept for five minutes after each call. ``reasoning_on``, ``reasoning_off``, ``reasoning_levels``: see
    `Thinking`. ``warm_up``: entering makes a call of a few tokens, which is paid for. ``answer_form``: what holds a
    decision to its form: `json_schema` (output_config.format), `tool` (a call that is forced, which older models take
    while they do not think), or `text` (nothing). The API gives no logprobs.

    Raises UsageError for arguments that cannot be right.
    """

    name = "anthropic"

    def __init__(
        self,
        *,
        model: str | None,
        base_url: str = "https://api.anthropic.com",
        api_key_env: str = "ANTHROPIC_API_KEY",
        proxy_env: str | None = None,
        api_version: str | None = None,
        betas: Sequence[str] = (),
        slots: int = 4,
        context: int | None = None,
        connect_timeout_s: float = 5.0,
        idle_timeout_s: float = 300.0,
        cache: bool = True,
        extra_body: Fragment | None = None,
        reasoning_on: Fragment | None = None,
        reasoning_off: Fragment | None = None,
        reasoning_levels: Mapping[str, Fragment] | None = None,
        warm_up: bool = False,
        answer_form: str = "json_schema",
    ) -> None:
        super().__init__()
        if not model:
            raise UsageError(
                "model.id is missing: say what the API calls the model, such as claude-haiku-5-5."
            )
        if slots < 1:
            raise UsageError(f"provider.slots={slots}: it must be 1 or more.")
        if ours := _OURS.intersection(extra_body or {}):
            raise UsageError(f"provider.extra_body.{min(ours)}: the sweep sends this field itself.")
        self.slots = slots
        self.address: str | None = base_url
        self._model, self._base_url = model, base_url.rstrip("/")
        self._api_key_env, self._proxy_env, self._betas = api_key_env, proxy_env, tuple(betas)
        self._context, self._cache, self._warm_up = context, cache, warm_up
        self._connect_s, self._idle_s = connect_timeout_s, idle_timeout_s
        self._extra_body = dict(extra_body or {})
        self._thinking = Thinking(
            on=reasoning_on, off=reasoning_off, levels=reasoning_levels, version=api_version
        )
        self.answer_form = check_form(answer_form)
        self._found: Served | None = None

    def revision(self) -> str:
        """The dated id that an alias stands for; for ids without a date, with the day of their release."""
        return self._served().revision

    def context(self) -> int | None:
        """As configured, else as the service says."""
        return self._context if self._context is not None else self._served().max_input_tokens

    def check(self, sampling: Sampling) -> None:
        """By the API's rules, and by what the service says of the model once it has been asked (`revision`)."""
        self._thinking.check(sampling)
        if self._found is not None:
            self._found.check(self._thinking.fragment(sampling.reasoning), sampling.max_tokens)

    def __enter__(self) -> Self:
        self._served()
        self._connect()
        if self._warm_up:
            reasoning = self._thinking.mildest
            budget = (self._thinking.fragment(reasoning).get("thinking") or {}).get("budget_tokens", 0)
            sampling = Sampling(
                temperature=None, top_p=None, reasoning=reasoning, max_tokens=budget + _WARM_UP_TOKENS
            )
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
        """See `Provider.complete`; one request, whatever comes. Raises a fatal ProviderError when another model answers,
        and when one thinks that was told not to.
        """
        return self._answered(self._body(messages, tools, sampling), sampling, on_chunk)

    def decide(self, messages: Sequence[Message], question: Question, sampling: Sampling) -> Decision:
        """See `Decides.decide`."""
        tool = Tool(name="decide", description=f"Give the {question.field}.", parameters=question.schema)
        forced = self.answer_form == "tool"
        body = self._body(messages, (tool,) if forced else (), sampling)
        if forced:
            body["tool_choice"] = {"type": "tool", "name": tool.name}
        elif self.answer_form == "json_schema":
            form = {"output_config": {"format": {"type": "json_schema", "schema": question.schema}}}
            body = merged(body, form)
        completion = self._answered(body, sampling, None)
        return Decision(completion=completion, word=said(question, completion))

    def _answered(self, body: dict[str, Any], sampling: Sampling, on_chunk: OnChunk | None) -> Completion:
        from llmsweep.providers.anthropic_events import Answer

        link, answer = self._entered(), Answer(on_chunk)
        written_ns = self._streamed(lambda: link.stream(body, answer))
        if isinstance(written_ns, Completion):
            return written_ns
        self._refuse_false_labels(answer, sampling)
        return _completion(answer, written_ns)

    def _body(self, messages: Sequence[Message], tools: Sequence[Tool], sampling: Sampling) -> dict[str, Any]:
        return {
            **merged(self._extra_body, self._thinking.fragment(sampling.reasoning)),
            **wording.request(messages, tools, sampling, cache=self._cache),
            "model": self._served().id,
        }

    def _refuse_false_labels(self, answer: Answer, sampling: Sampling) -> None:
        """What was measured would be logged as what it was not."""
        served = self._served()
        if answer.model is not None and not served.is_called(answer.model):
            raise ProviderError(f"{served.id} was asked and {answer.model} answered", fatal=True)
        if answer.has_thought and sampling.reasoning is False:
            raise ProviderError(
                f"{served.id} thinks although reasoning is off; set provider.reasoning_off to what switches it off,"
                " or provider.reasoning_on and baseline.reasoning=true if nothing does",
                fatal=True,
            )

    def _served(self) -> Served:
        """What the service says of the model, asked once. Raises UnfitError naming what is missing."""
        if self._found is None:
            with self._asking() as link:
                self._found = self._describe(link)
        return self._found

    def _describe(self, link: Link) -> Served:
        import msgspec

        from llmsweep.providers.anthropic_served import parse
        from llmsweep.providers.faults import refused

        try:
            status, said = link.described(self._model)
        except ProviderError as e:
            raise UnfitError(f"{e}; see provider.base_url and, behind a proxy, provider.proxy_env.") from e
        if status in (401, 403):
            raise UnfitError(
                f"{self._api_key_env}: {refused(link.where, status, said, {})}; put a valid key in it."
            )
        if status == 404:
            known = nearest(self._model, link.models())
            raise UnfitError(f"model.id={self._model}: {link.where} has no such model for this key; {known}")
        if status != 200:
            raise UnfitError(f"{refused(link.where, status, said, {})}; try again later.")
        try:
            served = parse(said)
        except msgspec.DecodeError as e:
            raise UnfitError(f"provider.base_url={link.where}: no Anthropic API answers there ({e}).") from e
        if served.lifecycle == "retired":
            raise UnfitError(f"model.id={self._model}: it is retired; choose a newer one.")
        return served

    def _open(self) -> Link:
        from llmsweep.providers.anthropic_link import Address, Link

        if os.environ.get(_ALTERING):
            raise UnfitError(
                f"{_ALTERING} is set: its headers would go with every request and change what is measured; unset it."
            )
        return Link(
            Address(
                base_url=self._base_url,
                api_key=_environment("api_key_env", self._api_key_env, "the key"),
                connect_s=self._connect_s,
                idle_s=self._idle_s,
                version=self._thinking.version,
                betas=self._betas,
                proxy=self._proxy_env and _environment("proxy_env", self._proxy_env, "the proxy's URL"),
            )
        )


def _environment(key: str, variable: str, what: str) -> str:
    """Raises UnfitError where the variable that a setting names is not set."""
    if not (value := os.environ.get(variable)):
        raise UnfitError(
            f"provider.{key}={variable}: this environment variable is not set; put {what} in it."
        )
    return value


def _completion(answer: Answer, written_ns: int) -> Completion:
    """Never ``cold``: the service loads no model for a call, as far as anyone can see."""

    def since(at_ns: int | None) -> float | None:
        return None if at_ns is None else (at_ns - written_ns) / 1e9

    return Completion(
        message=answer.message(),
        usage=answer.usage(),
        ttft_s=since(answer.first_ns),
        ttfo_s=since(answer.first_output_ns),
        duration_s=since(answer.last_ns) or 0.0,
        stop_reason=wording.STOP_REASONS.get(answer.stop or "", "unknown"),
    )
