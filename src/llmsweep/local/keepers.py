"""Servers that keep models in memory by themselves, Ollama and LM Studio: where they are and what they hold.

An llama-server or a vLLM holds the one model that it was started with, and an embedded llama.cpp is a process of
ours: there is nothing to ask of either.
"""

from __future__ import annotations

import ipaddress
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from llmsweep.local.lock import HERE

if TYPE_CHECKING:
    import httpx2

_ANSWER_S = 5.0
_OLLAMA, _LM_STUDIO = "http://127.0.0.1:11434", "http://127.0.0.1:1234"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A model in some server's memory. ``handle``: what the server wants to hear to unload it."""

    name: str
    handle: str
    server: str

    def is_called(self, model: str) -> bool:
        return _tag(model) in (_tag(self.name), _tag(self.handle))


class Keeper(Protocol):
    """A server that keeps models in memory by itself. ``root``: its address, without a path."""

    name: str
    root: str

    def resident(self) -> list[Resident]:
        """What it holds now. Raises OSError when it does not answer."""
        ...

    def unload(self, resident: Resident) -> None:
        """Ask for it; the model may be there for a while yet. Raises OSError."""
        ...

    def close(self) -> None: ...


class _Http:
    """The few questions that keepers are asked."""

    def __init__(self, root: str) -> None:
        import httpx2

        self.root = root
        self._client: httpx2.Client = httpx2.Client(base_url=root, timeout=_ANSWER_S, trust_env=False)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        import httpx2

        try:
            answer = self._client.request(method, path, json=body)
            answer.raise_for_status()
            said = answer.json()
        except (httpx2.HTTPError, ValueError) as e:
            raise OSError(f"{self.root}{path}: {str(e) or type(e).__name__}") from e
        return said if isinstance(said, dict) else {}

    def listed(self, path: str) -> list[dict[str, Any]]:
        """The models of an answer. Servers that say 200 to everything are told by their having none."""
        said = self.ask("GET", path)
        if "models" not in said:
            raise OSError(f"{self.root}{path}: this is no list of models")
        return said["models"] or []

    def close(self) -> None:
        self._client.close()


class OllamaKeeper(_Http):
    """Unloading is an empty generation that is kept for no time. A model that is still loading is not listed."""

    name = "Ollama"

    def resident(self) -> list[Resident]:
        models = self.listed("/api/ps")
        names = [str(model.get("name") or model.get("model")) for model in models]
        return [Resident(name=name, handle=name, server=f"{self.name} at {self.root}") for name in names]

    def unload(self, resident: Resident) -> None:
        self.ask("POST", "/api/generate", {"model": resident.handle, "keep_alive": 0})


class LmStudioKeeper(_Http):
    """Instances of a model are unloaded one by one."""

    name = "LM Studio"

    def resident(self) -> list[Resident]:
        models = self.listed("/api/v1/models")
        return [
            Resident(
                name=str(model.get("key") or model.get("id") or instance.get("id")),
                handle=str(instance.get("id")),
                server=f"{self.name} at {self.root}",
            )
            for model in models
            for instance in model.get("loaded_instances") or []
        ]

    def unload(self, resident: Resident) -> None:
        self.ask("POST", "/api/v1/models/unload", {"instance_id": resident.handle})


def keepers_of(address: str) -> list[Keeper]:
    """The keepers that answer on the machine at ``address``."""
    found: list[Keeper] = []
    for root in roots_of(address):
        if any(serves(keeper, root) for keeper in found):
            continue  # the same server by another name
        for kind in (OllamaKeeper, LmStudioKeeper):
            keeper = kind(root)
            try:
                keeper.resident()
            except OSError:
                keeper.close()
            else:
                found.append(keeper)
                break
    return found


def roots_of(address: str) -> list[str]:
    """Where keepers may be on the machine at ``address``: there, and at the usual ports. On this machine OLLAMA_HOST
    or the environment variable LLMSWEEP_SERVERS (addresses, separated by commas) names others instead.
    """
    return list(dict.fromkeys((_root(address), *_usual(address))))


def serves(keeper: Keeper, address: str) -> bool:
    """Whether ``address`` is this keeper's own, however either is spelt."""
    return place_of(keeper.root) == place_of(address)


def is_here(address: str | None) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(address or "").hostname or ""
    with suppress(ValueError):
        found = ipaddress.ip_address(host)
        return found.is_loopback or found.is_unspecified
    return host == "localhost"


def machine_of(address: str) -> str:
    """The name of the machine at an address, as `llmsweep.local.lock.holding` wants it."""
    return HERE if is_here(address) else urlsplit(address).hostname or address


def place_of(address: str) -> tuple[str, int | None]:
    """Machine and port: the same for all spellings of one server's address."""
    root = _root(address)
    return machine_of(root), urlsplit(root).port


def _usual(address: str) -> list[str]:
    if not is_here(address):
        host = urlsplit(address).hostname
        return [_root(usual, host=host) for usual in (_OLLAMA, _LM_STUDIO)]
    if (named := os.environ.get("LLMSWEEP_SERVERS")) is not None:
        roots = [_root(each.strip()) for each in named.split(",") if each.strip()]
    else:
        roots = [_root(os.environ.get("OLLAMA_HOST") or _OLLAMA, 11434), _root(_LM_STUDIO)]
    # OLLAMA_HOST may well be a server elsewhere, whose models are none of this machine's business.
    return [root for root in roots if is_here(root)]


def _tag(name: str) -> str:
    """A model's name with the tag that Ollama adds."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _root(address: str, port: int | None = None, host: str | None = None) -> str:
    """scheme://host:port of an address, which may be as short as OLLAMA_HOST's."""
    parts = urlsplit(address if "//" in address else f"http://{address}")
    with suppress(ValueError):  # a port that is no number; Ollama passes over it too
        port = parts.port or port
    name = host or parts.hostname or "127.0.0.1"
    name = "127.0.0.1" if name in ("0.0.0.0", "::", "localhost") else name
    shown = f"[{name}]" if ":" in name else name
    return f"{parts.scheme or 'http'}://{shown}:{port or (443 if parts.scheme == 'https' else 80)}"
