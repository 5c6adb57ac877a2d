"""What a failed request means for the sweep: try again, give up this episode, or stop, decided in one place by its status."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from llmsweep.errors import ProviderError

RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
FATAL = frozenset({401, 403, 404})
"""No episode can succeed: a wrong key, a forbidden model, a model or path that is not there."""
_CONTEXT_FULL = re.compile(
    r"exceed_context_size_error|context_length_exceeded|maximum context length|context (size|window|length) "
    r"(has been )?exceeded|exceeds? the (available |model'?s )?(maximum )?context|longer than the context"
    r"|longer than the maximum model length|prompt is too long",
    re.IGNORECASE,
)
_SHOWN = 300


def refused(where: str, status: int, said: str, headers: Mapping[str, str]) -> ProviderError:
    """The error of an HTTP answer with this status. ``said``: its body; ``headers``: found whatever their case."""
    return ProviderError(
        f"{where} answered {status}: {_gist(said)}",
        retryable=status in RETRYABLE,
        fatal=status in FATAL,
        retry_after_s=retry_after_s(headers),
    )


def gave_up(where: str, error: object, said: str) -> ProviderError:
    """The error that a server sent in the middle of an answer; one without a status is like a 500."""
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    return refused(f"{where}, in the middle of an answer,", status, said, {})


def is_context_full(status: int, said: str) -> bool:
    """Whether a refusal says that prompt and answer do not fit the context window."""
    return status in (400, 413, 422) and _CONTEXT_FULL.search(said) is not None


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait: RFC 9110's Retry-After (seconds or a date), or retry-after-ms."""
    with contextlib.suppress(ValueError):
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
    value = headers.get("retry-after")
    if value is None:
        return None
    with contextlib.suppress(ValueError):
        return max(0.0, float(value))
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


def _gist(said: str) -> str:
    """The sentence in an error's body, whatever shape it has, cut to a readable length."""
    text: object = said
    with contextlib.suppress(ValueError):
        text = json.loads(said)
    for key in ("error", "message"):
        if isinstance(text, dict):
            text = text.get(key) or text
    return str(text)[:_SHOWN].strip() or "nothing"
