"""Weights that an Ollama server keeps: ask whether they are there, have them pulled, have them removed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmsweep.errors import LlmsweepError, UnfitError
from llmsweep.local.fetch import Progress
from llmsweep.local.sources import Ollama

if TYPE_CHECKING:
    import ollama

ANSWER_S = 10.0
SILENCE_S = 600.0
"""Longest pause between two progress lines: hashing a large model is silent for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One line of the server's list: the manifest's digest (64 hex digits) and the size in bytes."""

    digest: str
    bytes: int


def listed(source: Ollama) -> Served | None:
    """What the server holds under this tag, None where nothing. Raises UnfitError when it does not answer."""
    last = source.tag.rpartition("/")[2]
    tag = source.tag if ":" in last else f"{source.tag}:latest"
    with _client(source, ANSWER_S) as client:
        for model in client.list().models:
            if model.model == tag:
                digest = (model.digest or "").removeprefix("sha256:")
                return Served(digest=digest, bytes=int(model.size or 0))
    return None


def pinned(source: Ollama, served: Served) -> bool:
    return source.digest is None or served.digest.startswith(source.digest)


def shown(source: Ollama) -> dict[str, Any]:
    """The model's metadata, arrays included, as GGUF names them. Raises UnfitError."""
    with _client(source, ANSWER_S) as client:
        # The package's own show() cannot ask to be verbose, and otherwise arrays are left out.
        body = {"model": source.tag, "verbose": True}
        answer = client._request_raw("POST", "/api/show", json=body)  # type: ignore[no-untyped-call]
        return dict(answer.json().get("model_info") or {})


def have_pulled(source: Ollama, progress: Progress) -> Served:
    """Have the server pull the tag, then believe only its list. Raises UnfitError."""
    with _client(source, SILENCE_S) as client:
        for part in client.pull(source.tag, stream=True):
            progress(part.status or "pulling", part.completed or 0, part.total)
    served = listed(source)
    if served is None:
        raise UnfitError(f"Ollama at {address(source)} said it pulled {source.tag}, but does not list it")
    if not pinned(source, served):
        raise UnfitError(
            f"Ollama's {source.tag} has digest {served.digest}, expected {source.digest}: the tag has moved; "
            "set source.digest to the new one if that is what you want to measure"
        )
    return served


def have_removed(source: Ollama) -> bool:
    """Have the server delete the tag; whether it was there. Raises UnfitError."""
    if listed(source) is None:
        return False
    with _client(source, ANSWER_S) as client:
        client.delete(source.tag)
    return True


def address(source: Ollama) -> str:
    """Where the server is, or should be."""
    return source.host or os.environ.get("OLLAMA_HOST") or "http://127.0.0.1:11434"


@contextmanager
def _client(source: Ollama, timeout_s: float) -> Iterator[ollama.Client]:
    """A client whose every error becomes one sentence."""
    import httpx
    import ollama

    host = address(source)
    try:
        with ollama.Client(host, timeout=timeout_s) as client:
            yield client
    except LlmsweepError:
        raise
    except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout) as e:
        raise UnfitError(
            f"no Ollama server answers at {host}: start it with 'ollama serve', "
            "or name another with OLLAMA_HOST or source.host"
        ) from e
    except (ollama.ResponseError, httpx.HTTPError, ValueError) as e:
        raise UnfitError(f"Ollama at {host} failed on {source.tag}: {str(e) or type(e).__name__}") from e
