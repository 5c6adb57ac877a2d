"""One HTTP client to one Ollama server, spoken to in its own API; everything that fails comes back as our error.

Not through the package `ollama`: it drops fields in both directions (truncate, shift, the ids of calls, remote_host,
capabilities), and takes a stream that breaks off for one that ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter_ns
from typing import Any, TypeVar

import httpx2
import msgspec

from llmsweep.errors import ProviderError
from llmsweep.providers.base import Tap
from llmsweep.providers.chunks import StreamedError
from llmsweep.providers.faults import ContextFullError, cause, gave_up, is_context_full, refused
from llmsweep.providers.ollama_chunks import Answer
from llmsweep.providers.ollama_served import Listed, Running, parse_listed, parse_running, parse_version
from llmsweep.providers.tap import Overheard
from llmsweep.providers.wire import Wire, was_reused, written_ns

_KEEP_ALIVE_S = 4.0
_T = TypeVar("_T")


class Link:
    """Used by several threads at once, until `close`. ``idle_s``: the longest silence."""

    def __init__(self, root: str, *, connect_s: float, idle_s: float) -> None:
        self.root, self._wire = root, Wire()
        self.tap: Tap | None = None
        self._client = httpx2.Client(
            base_url=root,
            timeout=httpx2.Timeout(idle_s, connect=connect_s),
            limits=httpx2.Limits(keepalive_expiry=_KEEP_ALIVE_S),
            # Compressed answers are held back until a block is full.
            headers={"Accept-Encoding": "identity"},
            event_hooks={"request": [self._wire.watch]},
            # The server is on this machine or near it: no proxy of the environment has a say.
            trust_env=False,
        )

    def version(self) -> str:
        """These raise ProviderError."""
        return self._asked("GET", "/api/version", parse_version)

    def listed(self) -> list[Listed]:
        return self._asked("GET", "/api/tags", parse_listed)

    def running(self) -> list[Running]:
        return self._asked("GET", "/api/ps", parse_running)

    def shown(self, tag: str) -> bytes:
        return self._asked("POST", "/api/show", bytes, {"model": tag})

    def load(self, body: dict[str, Any], wait_s: float) -> None:
        """Have the model loaded, or let go of where ``body`` says keep_alive 0. Raises ProviderError."""
        with self._translated():
            response = self._client.post("/api/chat", json=body, timeout=wait_s)
            self._refuse(response)

    def stream(self, body: dict[str, Any], answer: Answer, wait_s: float | None = None) -> int:
        """Send the request and feed ``answer`` until its end; the ``perf_counter_ns`` at which it was written.

        ``wait_s``: another longest silence. Sent again at once when it met a kept connection that the server was
        just closing. Raises ProviderError, and ContextFullError.
        """
        timeout = httpx2.USE_CLIENT_DEFAULT if wait_s is None else wait_s
        request = self._client.build_request("POST", "/api/chat", json=body, timeout=timeout)
        with self._translated(), Overheard(self.tap) as heard:
            response = self._send(request, heard)
            try:
                heard.sent(request.content, response.status_code)
                if response.status_code != 200:
                    heard.came(response.read())
                    self._refuse(response)
                self._refuse_other_content(response.headers.get("content-type", ""))
                for data in response.iter_raw():
                    at_ns = perf_counter_ns()
                    heard.came(data)
                    answer.feed(data, at_ns)
                answer.finish()
            finally:
                response.close()
        return written_ns(request)

    def cut(self) -> None:
        """Break what is in flight, from another thread, at once. Nothing can be sent afterwards."""
        self._wire.cut()

    def close(self) -> None:
        self._client.close()

    def _send(self, request: httpx2.Request, heard: Overheard) -> httpx2.Response:
        while True:
            try:
                return self._client.send(request, stream=True)
            except httpx2.TransportError as e:
                heard.sent(request.content, None)
                if isinstance(e, httpx2.TimeoutException) or not was_reused(request):
                    raise

    def _asked(
        self, method: str, path: str, parse: Callable[[bytes], _T], body: dict[str, Any] | None = None
    ) -> _T:
        with self._translated():
            response = self._client.request(method, path, json=body)
            self._refuse(response)
            try:
                return parse(response.content)
            except msgspec.DecodeError as e:
                raise ProviderError(f"{self.root}{path} is not what Ollama would answer ({e})") from None

    def _refuse(self, response: httpx2.Response) -> None:
        """Raises ContextFullError, and ProviderError for every answer that is none."""
        if response.status_code == 200:
            return
        if is_context_full(response.status_code, response.text):
            raise ContextFullError(response.text)
        raise refused(self.root, response.status_code, response.text, response.headers)

    def _refuse_other_content(self, kind: str) -> None:
        if "json" not in kind:
            raise ProviderError(
                f"{self.root} answered with {kind or 'something'}, not with lines of JSON", retryable=True
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except StreamedError as e:
            # Never a full window, whatever it says: that is refused before the first line or ends in "length". When its
            # runner dies, the server quotes that one's last words, which may well be about another, earlier request.
            raise gave_up(self.root, e.error, str(e)) from None
        except httpx2.TimeoutException as e:
            raise ProviderError(f"{self.root}: no answer in time ({cause(e)})", retryable=True) from None
        except (httpx2.HTTPError, httpx2.StreamError) as e:
            raise ProviderError(f"{self.root}: the connection failed ({cause(e)})", retryable=True) from None
