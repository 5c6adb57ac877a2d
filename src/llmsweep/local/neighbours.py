"""Who else is on this machine: other sweeps, pulls, and servers with models in memory.

Nothing is contacted but this machine, and a machine elsewhere that a sweep has to itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from llmsweep.errors import LlmsweepError
from llmsweep.local.doctor import Check, failed
from llmsweep.local.keepers import (
    Keeper,
    LmStudioKeeper,
    OllamaKeeper,
    is_here,
    keepers_of,
    machine_of,
    place_of,
)
from llmsweep.local.lock import HERE, holding, sweeping

SERVERS: Mapping[str, str] = {"llama-server": "http://127.0.0.1:8080", "vLLM": "http://127.0.0.1:8000"}
"""Servers that hold one model for as long as they run, at their usual ports."""
_LOOPBACK = "http://127.0.0.1"
_ANSWER_S = 1.0
_SETTINGS = (
    "OLLAMA_CONTEXT_LENGTH",
    "OLLAMA_FLASH_ATTENTION",
    "OLLAMA_KEEP_ALIVE",
    "OLLAMA_KV_CACHE_TYPE",
    "OLLAMA_MAX_LOADED_MODELS",
    "OLLAMA_NUM_PARALLEL",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a sweep would want of the machine that serves its model; see `llmsweep.local.residency.alone`.

    ``slots``: streams at once; ``address``: None where no machine serves it.
    """

    address: str | None
    model: str | None = None
    slots: int = 1
    exclusive: bool | None = None
    others: str = "unload"

    @property
    def is_alone(self) -> bool:
        """Whether the machine would be this sweep's only."""
        return is_here(self.address) if self.exclusive is None else self.exclusive


def neighbours(wish: Wish | None, servers: Mapping[str, str] = SERVERS) -> Iterator[Check]:
    """Who is there, and whether a sweep could begin all the same. ``wish``: of the sweep, None is any."""
    yield from _locks(wish)
    address = wish.address if wish and wish.is_alone and wish.address else _LOOPBACK
    keepers = keepers_of(address)
    for keeper in keepers:
        yield _held(keeper, wish)
        keeper.close()
    for kind, start in ((OllamaKeeper, "ollama serve"), (LmStudioKeeper, "lms server start")):
        if not any(isinstance(keeper, kind) for keeper in keepers):
            said, fix = f"no {kind.name} answers on this machine", f"models that it serves need: {start}"
            yield Check(name=kind.name, state="info", said=said, fix=fix)
    yield from _ollama_settings(keepers, wish)
    for name, root in servers.items():
        yield _plain(name, root, wish)


def _locks(wish: Wish | None) -> Iterator[Check]:
    """Each lock is tried for a moment, as the sweep would."""
    try:
        with sweeping():
            pass
    except LlmsweepError as e:
        yield failed("pull", e)
    if wish is not None and wish.address is None:
        return
    machine, shared = (HERE, False) if wish is None else (machine_of(wish.address or ""), not wish.is_alone)
    try:
        with holding(machine, shared=shared):
            pass
    except LlmsweepError as e:
        yield failed("sweep", e, "warn" if wish is None else "fail")


def _held(keeper: Keeper, wish: Wish | None) -> Check:
    """What a keeper has in memory, and what would become of it."""
    try:
        residents = keeper.resident()
    except OSError as e:
        return Check(name=keeper.name, state="info", said=f"stopped answering: {e}")
    own = wish is not None and wish.address is not None and place_of(wish.address) == place_of(keeper.root)
    foreign = sorted({r.name for r in residents if not (own and wish and r.is_called(wish.model or ""))})
    if not foreign:
        rest = "only this model is loaded" if residents else "nothing is loaded"
        return Check(name=keeper.name, state="ok", said=f"{_version(keeper)}answers at {keeper.root}, {rest}")
    said = f"holds {', '.join(foreign)} in memory at {keeper.root}"
    if wish is not None and not wish.is_alone:
        return Check(name=keeper.name, state="info", said=said)
    if wish is not None and wish.others == "refuse":
        return Check(name=keeper.name, state="fail", said=said, fix="unload it, or set host.others=unload")
    fix = "a sweep of a model on this machine unloads it first (host.others=refuse stops instead)"
    return Check(name=keeper.name, state="warn", said=said, fix=fix)


def _version(keeper: Keeper) -> str:
    """An Ollama's, with a space. Which of them miscount tokens is known to the provider, and told with model=NAME."""
    if isinstance(keeper, OllamaKeeper):
        with suppress(OSError):
            if isinstance(version := keeper.ask("GET", "/api/version").get("version"), str):
                return f"{version} "
    return ""


def _ollama_settings(keepers: Sequence[Keeper], wish: Wish | None) -> Iterator[Check]:
    """What Ollama was started with, which it tells no client: read off its process, where that is the user's own."""
    here = [keeper for keeper in keepers if isinstance(keeper, OllamaKeeper) and is_here(keeper.root)]
    found = ollama_settings()
    for settings in found:
        shown = ", ".join(f"{name}={value}" for name, value in sorted(settings.items())) or "its defaults"
        said = f"runs with {shown}; the window is provider.context in every request"
        yield Check(name="Ollama", state="info", said=said)
    ours = wish is not None and any(place_of(k.root) == place_of(wish.address or "") for k in here)
    if wish is None or not ours or len(found) != 1 or len(here) != 1:
        return
    with suppress(ValueError):
        parallel = int(found[0].get("OLLAMA_NUM_PARALLEL") or 1)
        if 0 < parallel < wish.slots:
            said = f"provider.slots={wish.slots}, but it works on {parallel} at once: the others' waiting would be TTFT"
            fix = f"start it with OLLAMA_NUM_PARALLEL={wish.slots}, or set provider.slots={parallel}"
            yield Check(name="Ollama", state="warn", said=said, fix=fix)


def ollama_settings() -> list[dict[str, str]]:
    """Those of every Ollama server on this machine whose process may be read. No other variable is looked at."""
    import psutil

    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        name, words = process.info["name"] or "", process.info["cmdline"] or []
        if name.startswith("ollama") and "serve" in words:
            with suppress(psutil.Error, OSError):
                environment = process.environ()
                found.append({key: environment[key] for key in _SETTINGS if key in environment})
    return found


def _plain(name: str, root: str, wish: Wish | None) -> Check:
    """A server that holds the one model it was started with: it can only be stopped."""
    models = _served(root)
    if models is None:
        return Check(name=name, state="info", said=f"no model server answers at {root}")
    said = f"{', '.join(models) or 'no model'} is served at {root}"
    if wish is None or not wish.is_alone or place_of(wish.address or "") == place_of(root):
        return Check(name=name, state="info", said=said)
    return Check(
        name=name, state="warn", said=said, fix="stop it: it would share the machine with this sweep"
    )


def _served(root: str) -> list[str] | None:
    """The ids that a server lists in OpenAI's shape; None where none answers so."""
    import httpx2

    with suppress(httpx2.HTTPError, ValueError, KeyError, TypeError):
        answer: Any = httpx2.get(f"{root}/v1/models", timeout=_ANSWER_S, trust_env=False).json()
        return [str(model["id"]) for model in answer["data"]]
    return None
