"""What a server says about the models it serves: a list in OpenAI's shape, with what llama-server and vLLM add to it."""

from __future__ import annotations

import msgspec


class _Meta(msgspec.Struct):
    n_ctx: int | None = None
    n_params: int | None = None
    size: int | None = None
    ftype: str | None = None


class Served(msgspec.Struct):
    """One model of GET /v1/models. ``max_model_len``: vLLM's word for tokens in a stream's window."""

    id: str
    aliases: list[str] = []
    owned_by: str | None = None
    max_model_len: int | None = None
    meta: _Meta | None = None

    @property
    def context(self) -> int | None:
        """Tokens of each stream's window. llama-server's n_ctx is one slot's, not the sum of all."""
        return self.max_model_len or (self.meta.n_ctx if self.meta else None)

    @property
    def fingerprint(self) -> str:
        """The name, and what llama-server tells of the weights: as much as can be known without the file."""
        known = {
            "ftype": self.meta and self.meta.ftype,
            "params": self.meta and self.meta.n_params,
            "bytes": self.meta and self.meta.size,
        }
        return " ".join([self.id, *(f"{key}={value}" for key, value in known.items() if value)])


class _Models(msgspec.Struct):
    data: list[Served] | None = None


class _Generation(msgspec.Struct):
    n_ctx: int | None = None


class _Props(msgspec.Struct):
    default_generation_settings: _Generation | None = None


def parse_models(body: bytes) -> list[Served]:
    """The models of an answer to GET /v1/models. Raises msgspec.DecodeError for other things."""
    return msgspec.json.decode(body, type=_Models).data or []


def parse_props(body: bytes) -> int | None:
    """Tokens of one slot's window in llama-server's GET /props. Raises msgspec.DecodeError for other things."""
    settings = msgspec.json.decode(body, type=_Props).default_generation_settings
    return settings.n_ctx if settings else None
