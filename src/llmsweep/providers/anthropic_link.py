"""One HTTP client to Anthropic's API: the vendor's library sends the requests, we read the answers' bytes as they arrive.

Nothing of the environment has a say in where requests go or what they hold: whatever differs from the config would
be measured under the config's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter_ns
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import anthropic
import httpx2

from llmsweep.errors import ProviderError
from llmsweep.providers.anthropic_events import Answer, status_of
from llmsweep.providers.base import Tap
from llmsweep.providers.chunks import StreamedError
from llmsweep.providers.faults import ContextFullError, cause, gave_up, is_context_full, refused
from llmsweep.providers.tap import Overheard
from llmsweep.providers.wire import Wire, was_reused, written_ns
from llmsweep.types import Exchange

BEARER_SINCE = "2026-10-21"
"""The version of the API in which a key travels as a bearer token; before, it had a header of its own."""
_KEEP_ALIVE_S = 30.0
_NAMED = ("model", "messages", "max_tokens", "stream")
"""What the library wants by name; the rest of a body it sends as it is, newer and older fields too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the service is and how it is spoken to. ``version``: of its API, None is the library's own;
    ``proxy``: the URL of an HTTP proxy; ``idle_s``: the longest silence.
    """

    base_url: str
    api_key: str
    connect_s: float
    idle_s: float
    version: str | None = None
    betas: Sequence[str] = ()
    proxy: str | None = None

    @property
    def shown(self) -> str:
        """The URL without a user or password in it."""
        parts = urlsplit(self.base_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

    @property
    def headers(self) -> dict[str, str]:
        # Compressed answers are held back until a block is full.
        headers = {"Accept-Encoding": "identity"}
        if self.version is not None:
            headers["anthropic-version"] = self.version
        if self.betas:
            headers["anthropic-beta"] = ",".join(self.betas)
        if self.version is not None and self.version < BEARER_SINCE:
            # Versions have their own ways to be shown a key, and the library knows only its own version's.
            headers |= {"X-Api-Key": self.api_key, "Authorization": cast(str, anthropic.Omit())}
        return headers

    def scrubbed(self, text: str) -> str:
        """The text without the key, should a server have said it."""
        return text.replace(self.api_key, "***")


class Link:
    """Used by several threads at once, until `close`."""

    def __init__(self, address: Address) -> None:
        self._address, self._wire = address, Wire()
        self.tap: Tap | None = None
        self._client = anthropic.Anthropic(
            base_url=address.base_url,
            api_key=address.api_key,
            max_retries=0,
            default_headers=address.headers,
            open_telemetry=False,
            http_client=httpx2.Client(
                timeout=httpx2.Timeout(address.idle_s, connect=address.connect_s),
                limits=httpx2.Limits(keepalive_expiry=_KEEP_ALIVE_S),
                event_hooks={"request": [self._wire.watch]},
                proxy=address.proxy,
                trust_env=False,
                # The certificates that this machine trusts are its own business: SSL_CERT_FILE still counts.
                verify=httpx2.create_ssl_context(),
            ),
        )

    @property
    def where(self) -> str:
        return self._address.shown

    def described(self, model: str) -> tuple[int, str]:
        """Status and body of GET /v1/models/{model}. Raises ProviderError when nothing answered."""
        try:
            with self._translated():
                return 200, self._client.models.with_raw_response.retrieve(model).http_response.text
        except _StatusError as e:
            return e.status, e.said

    def models(self) -> list[str]:
        """The ids of the first models listed; none where that fails."""
        try:
            with self._translated():
                return [model.id for model in self._client.models.list(limit=100).data]
        except (ProviderError, _StatusError):
            return []

    def stream(self, body: dict[str, Any], answer: Answer) -> int:
        """Send the request and feed ``answer`` until its end; the ``perf_counter_ns`` at which it was written.

        Sent again at once when it met a kept connection that the server was just closing. Raises ProviderError,
        and ContextFullError.
        """
        try:
            with self._translated(), Overheard(self._scrubbing(self.tap)) as heard:
                while True:
                    try:
                        return self._stream(body, answer, heard)
                    except anthropic.APIStatusError as e:
                        heard.sent(e.request.content, e.status_code)
                        heard.came(e.response.content)
                        raise
                    except anthropic.APIConnectionError as e:
                        heard.sent(e.request.content, None)
                        if isinstance(e, anthropic.APITimeoutError) or not was_reused(e.request):
                            raise
        except _StatusError as e:
            raise self._failure(e) from None

    def _stream(self, body: dict[str, Any], answer: Answer, heard: Overheard) -> int:
        named = {name: body[name] for name in _NAMED}
        rest = {name: value for name, value in body.items() if name not in named}
        with self._client.messages.with_streaming_response.create(**named, extra_body=rest) as response:
            request = response.http_response.request
            heard.sent(request.content, response.status_code)
            for data in response.iter_bytes():
                at_ns = perf_counter_ns()
                heard.came(data)
                answer.feed(data, at_ns)
            self._refuse_other_content(response.headers.get("content-type", ""))
            answer.finish()
            return written_ns(request)

    def cut(self) -> None:
        """Break what is in flight, from another thread, at once. Nothing can be sent afterwards."""
        self._wire.cut()

    def close(self) -> None:
        self._client.close()

    def _refuse_other_content(self, kind: str) -> None:
        if not kind.startswith("text/event-stream"):
            raise ProviderError(
                f"{self._address.shown} answered with {kind or 'something'}, not with a stream of events",
                retryable=True,
            )

    def _scrubbing(self, tap: Tap | None) -> Tap | None:
        """A tap that never hears the key."""
        if tap is None:
            return None

        def hear(exchange: Exchange) -> None:
            tap(replace(exchange, reply=self._address.scrubbed(exchange.reply)))

        return hear

    def _failure(self, e: _StatusError) -> ProviderError:
        """What a refusal means. Raises ContextFullError where it is a full context."""
        if is_context_full(e.status, e.said):
            raise ContextFullError(e.said) from None
        return refused(self._address.shown, e.status, e.said, e.headers)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        where, scrubbed = self._address.shown, self._address.scrubbed
        try:
            yield
        except anthropic.APIStatusError as e:
            raise _StatusError(e.status_code, scrubbed(e.response.text), e.response.headers) from None
        except StreamedError as e:
            raise gave_up(where, {"code": status_of(e.error)}, scrubbed(str(e))) from None
        except (anthropic.APITimeoutError, httpx2.TimeoutException) as e:
            raise ProviderError(f"{where}: no answer in time ({cause(e)})", retryable=True) from None
        except (anthropic.APIError, httpx2.HTTPError, httpx2.StreamError) as e:
            raise ProviderError(
                f"{where}: the connection failed ({scrubbed(cause(e))})", retryable=True
            ) from None


class _StatusError(Exception):
    """An answer that refuses. ``said``: its body, without the key."""

    def __init__(self, status: int, said: str, headers: httpx2.Headers) -> None:
        super().__init__(said)
        self.status, self.said, self.headers = status, said, headers
