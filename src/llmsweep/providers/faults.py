"""What a failed request means for the sweep: try again, give up this episode, or stop. One table decides for every provider."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Literal

from llmsweep.errors import ProviderError

Verdict = Literal["retry", "fail", "stop"]
"""``retry``: with backoff, then ``fail``: the episode is a provider's fault and stays owed; ``stop``: no episode
could succeed, so the sweep ends."""
_OUT_OF_QUOTA = re.compile(
    r"insufficient_quota|exceeded your current quota|credit balance is too low|insufficient (credits|funds|balance)"
    r"|billing_(error|hard_limit|not_active)|spend_limit_reached",
    re.IGNORECASE,
)
POLICY: tuple[tuple[frozenset[int], re.Pattern[str] | None, Verdict], ...] = (
    (frozenset({400, 402, 403, 429}), _OUT_OF_QUOTA, "stop"),
    (frozenset({401, 403}), None, "stop"),  # the key: wrong, or not for this model
    (frozenset({402}), None, "stop"),  # payment
    (frozenset({404, 410}), None, "stop"),  # the model, or the path, is not there
    (frozenset({408, 409, 425, 429}), None, "retry"),  # too slow, in conflict, too early, too many
    (frozenset(range(500, 600)), None, "retry"),  # the server's own trouble; 529: overloaded
)
"""Status, what its body must say (None: anything), verdict. The first line that fits decides; without one it is ``fail``."""
_CONTEXT_FULL = re.compile(
    r"exceed_context_size_error|context_length_exceeded|maximum context length|context (size|window|length) "
    r"(has been )?exceeded|exceeds? the (available |model'?s )?(maximum )?context|longer than the context"
    r"|longer than the maximum model length|prompt is too long|exceed context limit",
    re.IGNORECASE,
)
_SHOWN = 300


class ContextFullError(Exception):
    """The server refused a prompt because the context window cannot hold it, or it and the answer."""


def refused(where: str, status: int, said: str, headers: Mapping[str, str]) -> ProviderError:
    """The error of an HTTP answer with this status. ``said``: its body; ``headers``: found whatever their case."""
    means = verdict(status, said, headers)
    return ProviderError(
        f"{where} answered {status}: {_gist(said)}",
        retryable=means == "retry",
        fatal=means == "stop",
        retry_after_s=retry_after_s(headers),
        refused=True,
    )


def verdict(status: int, said: str, headers: Mapping[str, str]) -> Verdict:
    """What `POLICY` says; a server that asks not to try again (x-should-retry: false) is obeyed."""
    for statuses, words, means in POLICY:
        if status in statuses and (words is None or words.search(said)):
            stubborn = means == "retry" and headers.get("x-should-retry") == "false"
            return "fail" if stubborn else means
    return "fail"


def gave_up(where: str, error: object, said: str) -> ProviderError:
    """The error that a server sent in the middle of an answer; one without a status is like a 500."""
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    failure = refused(f"{where}, in the middle of an answer,", status, said, {})
    failure.refused = False
    return failure


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


def cause(error: BaseException) -> str:
    """What went wrong below: a library's own message says only that something did."""
    root = error
    while (deeper := root.__cause__ or root.__context__) is not None:
        root = deeper
    return str(root) or type(root).__name__
