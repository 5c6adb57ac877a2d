"""Finds the model on its server before anything is measured, and says in one sentence what is missing or not as it must be."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from llmsweep.errors import ProviderError, UnfitError
from llmsweep.providers.faults import ContextFullError
from llmsweep.providers.ollama_chunks import Answer
from llmsweep.providers.ollama_link import Link
from llmsweep.providers.ollama_served import Served, parse_shown

_MISCOUNTS = re.compile(r"0\.30\.0(\D|$)")
"""This version leaves the cached part out of prompt_eval_count: every turn but the first would look short."""
_REFUSAL_S = 30.0


def find(link: Link, model: str, pinned: str | None) -> Served:
    """What the server says of the model. ``pinned``: how its digest must begin. Raises UnfitError."""
    try:
        return _find(link, model, pinned)
    except ProviderError as e:
        raise UnfitError(
            f"no Ollama answers: {e}; start it with: ollama serve, and fetch the model with: ollama pull {model}"
            " (or name another server with OLLAMA_HOST or provider.host)."
        ) from e
    except msgspec.DecodeError as e:
        raise UnfitError(f"{link.root}/api/show is not what Ollama would answer ({e}).") from e


def refuse_other_window(link: Link, served: Served, context: int) -> None:
    """Raises UnfitError where the loaded model has another window than ``context`` tokens, or the server does not say."""
    windows = {running.digest: running.context_length for running in link.running()}
    in_force = windows.get(served.digest)
    if in_force == context:
        return
    if served.digest not in windows:
        why = "does not list it as loaded; another tag of the same weights may be: ollama stop TAG"
    elif in_force is None:
        why = "does not say which window is in force; update it"
    else:
        why = f"has a window of {in_force} tokens in force; set provider.context to what fits"
    raise UnfitError(f"provider.context={context}: Ollama {why} ({served.tag}, GET /api/ps).")


def refuses(link: Link, body: dict[str, Any]) -> bool:
    """Whether the server turns down a prompt that cannot fit, as ``truncate: false`` asks; the tap does not hear it.

    One that cuts it instead begins to read: it is not waited for.
    """
    tap, link.tap = link.tap, None
    try:
        link.stream(body, Answer(), _REFUSAL_S)
    except ContextFullError:
        return True
    except ProviderError:
        return False
    finally:
        link.tap = tap
    return False


def _find(link: Link, model: str, pinned: str | None) -> Served:
    version, listed = link.version(), link.listed()
    if _MISCOUNTS.match(version):
        raise UnfitError(
            f"Ollama {version} at {link.root} counts prompts wrongly; update it to 0.30.1 or later."
        )
    tag = model if ":" in model.rpartition("/")[2] else f"{model}:latest"
    entry = next((m for m in listed if tag in (m.model, m.name)), None)
    if entry is None:
        here = f" It has: {', '.join(sorted(m.model or m.name for m in listed))}." if listed else ""
        raise UnfitError(
            f"model.id={model}: Ollama at {link.root} does not have it; fetch it with: ollama pull {model}.{here}"
        )
    served = parse_shown(version, entry, link.shown(tag))
    if served.remote_host:
        raise UnfitError(
            f"model.id={model}: Ollama only passes it on to {served.remote_host}, so that neither its weights nor its"
            " speed are this server's; choose a model that runs here."
        )
    if pinned and not served.digest.startswith(pinned.removeprefix("sha256:")):
        raise UnfitError(
            f"model.revision={pinned}: Ollama's {tag} has the digest {served.digest}: the tag has moved."
        )
    return served
