"""One model at a time on a machine: what else is loaded is unloaded, and seen gone, before ours is measured.

Servers that keep models by themselves (Ollama, LM Studio) are asked what they hold. An llama-server or a vLLM holds
the one model that it was started with, and an embedded llama.cpp is a process of ours: neither has to be asked.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from llmsweep.errors import UnfitError
from llmsweep.local.lock import holding

if TYPE_CHECKING:
    import httpx2

GONE_S = 60.0
"""Seconds within which an unloaded model must be gone; Ollama waits for its GPU memory itself for up to 5."""
_POLL_S, _AGAIN_S, _ANSWER_S = 0.25, 5.0, 5.0
_DOWNLOADING_S, _TICK_S = 60.0, 0.1
"""A file that was not touched for so long is not being downloaded; files' clocks are behind by so much at most."""
_OLLAMA, _LM_STUDIO = "http://127.0.0.1:11434", "http://127.0.0.1:1234"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A model in some server's memory. ``handle``: what the server wants to hear to unload it."""

    name: str
    handle: str
    server: str


class Keeper(Protocol):
    """A server that keeps models in memory by itself."""

    name: str
    root: str

    def resident(self) -> list[Resident]:
        """What it holds now. Raises OSError when it does not answer."""
        ...

    def unload(self, resident: Resident) -> None:
        """Ask for it; the model may be there for a while yet. Raises OSError."""
        ...


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


@dataclass(slots=True)
class Guard:
    """Watches over a sweep: whether something else came onto the machine since it began. Used by several threads."""

    keepers: Sequence[Keeper] = ()
    ours: frozenset[str] = frozenset()
    since: float = field(default_factory=time.time)
    why: str | None = None
    """What disturbed the sweep, once something did."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def disturbed(self) -> str | None:
        """Look again, and say what is wrong; None while all is well. Once disturbed stays disturbed."""
        with self._lock:
            if self.why is None:
                self.why = self._foreign() or self._download()
            return self.why

    def _foreign(self) -> str | None:
        for keeper in self.keepers:
            with suppress(OSError):  # a server that is down is the provider's to tell
                for resident in keeper.resident():
                    if _tag(resident.name) not in self.ours:
                        return f"{resident.name} was loaded in {resident.server} in the middle of the sweep"
        return None

    def _download(self) -> str | None:
        """Ollama tells nobody what it pulls, but its unfinished files grow."""
        if not any(isinstance(keeper, OllamaKeeper) for keeper in self.keepers):
            return None
        for folder in _ollama_folders():
            for part in folder.glob("blobs/*-partial*"):
                with suppress(OSError):
                    touched = part.stat().st_mtime
                    if touched > self.since - _TICK_S and time.time() - touched < _DOWNLOADING_S:
                        return "Ollama began to download a model in the middle of the sweep"
        return None


@contextmanager
def alone(
    address: str | None,
    model: str | None,
    *,
    exclusive: bool | None = None,
    others: str = "unload",
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Guard]:
    """Have the machine at ``address`` to ourselves for as long as the context lasts.

    ``address``: where the model runs, None where none does; ``model``: what its server calls it.
    ``exclusive``: None is true on this machine and false elsewhere, since other people's models on a server that is
    shared are not ours to unload. ``others``: `unload` them, or `refuse` to go on. ``say`` is told what was unloaded.

    Raises UnfitError while another sweep has the machine, when others are loaded and shall not be unloaded, and when
    one is not gone within `GONE_S`.
    """
    mine = is_here(address) if exclusive is None else exclusive
    if address is None or not mine:
        yield Guard()
        return
    with ExitStack() as held:
        held.enter_context(holding(_machine(address)))
        keepers = keepers_of(address)
        for keeper in keepers:
            held.callback(keeper.close)
        ours = frozenset({_tag(model)} if model else ())
        for keeper in keepers:
            _clear(keeper, ours, others, say)
        yield Guard(keepers, ours)


def keepers_of(address: str) -> list[OllamaKeeper | LmStudioKeeper]:
    """The keepers that answer on the machine at ``address``: there, and at the usual ports or those that the
    environment variable LLMSWEEP_SERVERS names, separated by commas.
    """
    roots = [_root(address), *_usual(address)]
    found: list[OllamaKeeper | LmStudioKeeper] = []
    for root in dict.fromkeys(roots):
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


def _usual(address: str) -> list[str]:
    if not is_here(address):
        host = urlsplit(address).hostname
        return [_root(usual, host=host) for usual in (_OLLAMA, _LM_STUDIO)]
    if (named := os.environ.get("LLMSWEEP_SERVERS")) is not None:
        return [_root(each.strip()) for each in named.split(",") if each.strip()]
    return [_root(os.environ.get("OLLAMA_HOST") or _OLLAMA, 11434), _root(_LM_STUDIO)]


def is_here(address: str | None) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(address or "").hostname or ""
    return host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")


def _clear(keeper: Keeper, ours: frozenset[str], others: str, say: Callable[[str], None]) -> None:
    """Unload whatever is not ours, and wait until it is gone."""

    def foreign() -> list[Resident]:
        try:
            return [resident for resident in keeper.resident() if _tag(resident.name) not in ours]
        except OSError as e:
            raise UnfitError(f"{keeper.name} stopped answering while others were unloaded: {e}") from e

    if not (found := foreign()):
        return
    names = ", ".join(sorted({resident.name for resident in found}))
    if others == "refuse":
        raise UnfitError(
            f"{names} is loaded in {found[0].server} and would share the machine; unload it, or set host.others=unload."
        )
    began, asked = time.monotonic(), -math.inf
    while left := foreign():
        if time.monotonic() - began > GONE_S:
            raise UnfitError(
                f"{left[0].name} is still loaded in {left[0].server} {GONE_S:.0f} s after it was unloaded;"
                " restart that server."
            )
        # Asked again now and then: a model that was still loading did not hear it.
        if time.monotonic() - asked >= _AGAIN_S:
            asked = time.monotonic()
            for resident in left:
                with suppress(OSError):
                    keeper.unload(resident)
        time.sleep(_POLL_S)
    say(f"unloaded {names} from {found[0].server} ({time.monotonic() - began:.1f} s)")


def _tag(name: str) -> str:
    """A model's name with the tag that Ollama adds."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _root(address: str, port: int | None = None, host: str | None = None) -> str:
    """scheme://host:port of an address, which may be as short as OLLAMA_HOST's."""
    parts = urlsplit(address if "//" in address else f"http://{address}")
    name = host or parts.hostname or "127.0.0.1"
    name = "127.0.0.1" if name in ("0.0.0.0", "::", "localhost") else name
    shown = f"[{name}]" if ":" in name else name
    return (
        f"{parts.scheme or 'http'}://{shown}:{parts.port or port or (443 if parts.scheme == 'https' else 80)}"
    )


def _machine(address: str) -> str:
    return "here" if is_here(address) else urlsplit(address).hostname or address


def _ollama_folders() -> list[Path]:
    """Where an Ollama on this machine keeps its files, as far as they are known and can be read."""
    if named := os.environ.get("OLLAMA_MODELS"):
        return [Path(named)]
    return [Path.home() / ".ollama/models", Path("/usr/share/ollama/.ollama/models")]
