"""One HTTP client to one server: requests go out through the vendor's library, and everything that fails comes back as our error."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx2
import msgspec
import openai

from llmsweep.errors import ProviderError
from llmsweep.providers.base import Tap
from llmsweep.providers.chunks import Answer, StreamedError
from llmsweep.providers.faults import ContextFullError, cause, gave_up, is_context_full, refused
from llmsweep.providers.served import Served, parse_models, parse_props
from llmsweep.providers.tap import Overheard
from llmsweep.providers.wire import Wire, was_reused, written_ns

_KEEP_ALIVE_S = 4.0
"""Many servers close idle connections after 5 s; ours go before, so that none closes under a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the server is and how long to wait for it. ``base_url`` with its /v1; ``idle_s``: the longest silence."""

    base_url: str
    api_key: str | None
    connect_s: float
    idle_s: float

    @property
    def shown(self) -> str:
        """The URL without a user or password in it."""
        parts = urlsplit(self.base_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

    @property
    def root(self) -> str:
        return self.base_url.removesuffix("/").removesuffix("/v1")

    @property
    def is_loopback(self) -> bool:
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


class Link:
    """Used by several threads at once, until `close`."""

    def __init__(self, address: Address) -> None:
        self._address, self._wire = address, Wire()
        self.tap: Tap | None = None
        self._client = openai.OpenAI(
            base_url=address.base_url,
            # The library takes OPENAI_API_KEY for None, and it would go to whatever server this is.
            api_key=address.api_key or "none",
            max_retries=0,
            # Compressed answers are held back until a block is full.
            default_headers={"Accept-Encoding": "identity"},
            http_client=httpx2.Client(
                timeout=httpx2.Timeout(address.idle_s, connect=address.connect_s),
                limits=httpx2.Limits(keepalive_expiry=_KEEP_ALIVE_S),
                event_hooks={"request": [self._wire.watch]},
                # A proxy of the environment cannot reach this machine's own loopback.
                trust_env=not address.is_loopback,
            ),
        )

    def models(self) -> list[Served]:
        """What GET /v1/models lists. Raises ProviderError."""
        with self._translated():
            try:
                return parse_models(self._get("/models"))
            except msgspec.DecodeError as e:
                raise ProviderError(f"GET {self._address.shown}/models is no list of models: {e}") from e

    def slot_context(self) -> int | None:
        """Tokens of a slot's window, None where the server has no llama-server's GET /props."""
        try:
            with self._translated():
                return parse_props(self._get(f"{self._address.root}/props"))
        except (ProviderError, msgspec.DecodeError):
            return None

    def stream(self, body: dict[str, Any], answer: Answer) -> int:
        """Send the request and feed ``answer`` until its end; the ``perf_counter_ns`` at which it was written.

        Sent again at once when it met a kept connection that the server was just closing: llama-server closes
        every one after a streamed answer, though it says that it keeps them, and about one request in thirty
        is faster than the news. Raises ProviderError, and ContextFullError.
        """
        with self._translated(), Overheard(self.tap) as heard:
            while True:
                try:
                    return self._stream(body, answer, heard)
                except openai.APIStatusError as e:
                    heard.sent(e.request.content, e.status_code)
                    heard.came(e.response.content)
                    raise
                except openai.APIConnectionError as e:
                    heard.sent(e.request.content, None)
                    if isinstance(e, openai.APITimeoutError) or not was_reused(e.request):
                        raise

    def _stream(self, body: dict[str, Any], answer: Answer, heard: Overheard) -> int:
        with self._client.chat.completions.with_streaming_response.create(**body) as response:
            request = response.http_response.request
            heard.sent(request.content, response.status_code)
            for data in response.iter_bytes():
                answer.feed(data, perf_counter_ns())
                heard.came(data)
            answer.finish()
            return written_ns(request)

    def cut(self) -> None:
        """Break what is in flight, from another thread, at once. Nothing can be sent afterwards."""
        self._wire.cut()

    def close(self) -> None:
        self._client.close()

    def _get(self, path: str) -> bytes:
        response: httpx2.Response = self._client.get(path, cast_to=httpx2.Response)
        return response.content

    @contextmanager
    def _translated(self) -> Iterator[None]:
        where, key = self._address.shown, self._address.api_key
        try:
            yield
        except openai.APIStatusError as e:
            said = _without(key, e.response.text)
            if is_context_full(e.status_code, said):
                raise ContextFullError(said) from None
            raise refused(where, e.status_code, said, e.response.headers) from None
        except StreamedError as e:
            said = _without(key, str(e))
            # By its name alone: a server that crashed quotes its log, in which an older refusal may stand.
            if is_context_full(400, e.name):
                raise ContextFullError(said) from None
            raise gave_up(where, e.error, said) from None
        except (openai.APITimeoutError, httpx2.TimeoutException) as e:
            raise ProviderError(f"{where}: no answer in time ({cause(e)})", retryable=True) from None
        except (openai.APIError, httpx2.HTTPError, httpx2.StreamError) as e:
            said = _without(key, cause(e))
            raise ProviderError(f"{where}: the connection failed ({said})", retryable=True) from None


def _without(key: str | None, text: str) -> str:
    return text.replace(key, "***") if key else text
