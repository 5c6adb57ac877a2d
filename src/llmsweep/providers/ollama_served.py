"""What an Ollama server says about itself and the model, before anything is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

_LEVELS_ONLY = frozenset(("gptoss", "gpt-oss"))
"""Families that ignore think: true and false, and take a level."""


class Listed(msgspec.Struct):
    """One model of GET /api/tags. ``remote_host``: who answers in this server's stead."""

    model: str = ""
    name: str = ""
    digest: str = ""
    remote_host: str | None = None


class Running(msgspec.Struct):
    """One model of GET /api/ps. ``context_length``: the window in force, None where the server does not say."""

    digest: str = ""
    context_length: int | None = None


class _Details(msgspec.Struct):
    family: str | None = None


class _Shown(msgspec.Struct):
    capabilities: list[str] | None = None
    template: str | None = None
    renderer: str | None = None
    remote_host: str | None = None
    details: _Details | None = None
    model_info: dict[str, Any] | None = None


class _Tags(msgspec.Struct):
    models: list[Listed] | None = None


class _Ps(msgspec.Struct):
    models: list[Running] | None = None


class _Version(msgspec.Struct):
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """``version``: the server's. ``tag``: as it lists the model. ``capabilities``: None where the server has no word for them. ``trained``:
    tokens of the window that the model was made for. ``levels_only``: it takes a level, not a switch.
    ``renders_thinking``: the template, or a renderer of the server's, may have a place for earlier reasoning.
    """

    version: str
    tag: str
    digest: str
    capabilities: frozenset[str] | None = None
    trained: int | None = None
    levels_only: bool = False
    renders_thinking: bool = False
    remote_host: str | None = None

    @property
    def thinks(self) -> bool:
        return self.capabilities is None or "thinking" in self.capabilities


def parse_version(body: bytes) -> str:
    """Of GET /api/version. These raise msgspec.DecodeError for other things."""
    return msgspec.json.decode(body, type=_Version).version


def parse_listed(body: bytes) -> list[Listed]:
    return msgspec.json.decode(body, type=_Tags).models or []


def parse_running(body: bytes) -> list[Running]:
    """Their digests as those of `Served`: without the hash's name."""
    running = msgspec.json.decode(body, type=_Ps).models or []
    for model in running:
        model.digest = model.digest.removeprefix("sha256:")
    return running


def parse_shown(version: str, entry: Listed, body: bytes) -> Served:
    """Of POST /api/show, about a model of the list."""
    shown = msgspec.json.decode(body, type=_Shown)
    info = shown.model_info or {}
    trained = info.get(f"{info.get('general.architecture')}.context_length")
    family = (shown.details.family if shown.details else None) or ""
    return Served(
        version=version,
        tag=entry.model or entry.name,
        digest=entry.digest.removeprefix("sha256:"),
        capabilities=None if shown.capabilities is None else frozenset(shown.capabilities),
        trained=trained if isinstance(trained, int) and trained > 0 else None,
        levels_only=family in _LEVELS_ONLY,
        renders_thinking=bool(shown.renderer) or ".Thinking" in (shown.template or ""),
        remote_host=entry.remote_host or shown.remote_host,
    )
