"""What Anthropic's API says about one of its models: GET /v1/models/{id}."""

from __future__ import annotations

import re

import msgspec

from llmsweep.errors import UsageError
from llmsweep.providers.dialect import Fragment

_DATE = re.compile(r"-20\d{6}$")


class _Supported(msgspec.Struct):
    supported: bool = False


class _Thinking(msgspec.Struct):
    types: dict[str, _Supported] = {}


class _Capabilities(msgspec.Struct):
    thinking: _Thinking | None = None
    effort: dict[str, _Supported | bool | None] | None = None


class Served(msgspec.Struct):
    """One model. ``max_input_tokens``: of its context window; ``max_tokens``: the longest answer."""

    id: str
    created_at: str = ""
    lifecycle: str = "active"
    max_input_tokens: int | None = None
    max_tokens: int | None = None
    capabilities: _Capabilities | None = None

    @property
    def revision(self) -> str:
        """The id where it bears a date, else the id and the day on which the model was released."""
        day = self.created_at[:10]
        if _DATE.search(self.id) or not day or day.startswith("1970"):
            return self.id
        return f"{self.id} of {day}"

    def is_called(self, name: str) -> bool:
        """Whether a model with this name is this one; a date may be left out."""
        return _DATE.sub("", name) == _DATE.sub("", self.id)

    def check(self, fragment: Fragment, max_tokens: int) -> None:
        """Raises UsageError for what the service says that this model does not take."""
        if self.max_tokens is not None and max_tokens > self.max_tokens:
            raise UsageError(f"max_tokens={max_tokens}: {self.id} answers with {self.max_tokens} at most.")
        kind = (fragment.get("thinking") or {}).get("type")
        if self.capabilities is None:
            return
        thinking, efforts = self.capabilities.thinking, self.capabilities.effort
        if kind and thinking and not thinking.types.get(kind, _Supported(True)).supported:
            raise UsageError(f"reasoning: {self.id} does not take thinking of type {kind}.")
        effort = (fragment.get("output_config") or {}).get("effort")
        level = efforts.get(effort) if efforts and effort else None
        if isinstance(level, _Supported) and not level.supported:
            raise UsageError(f"reasoning: {self.id} does not take effort {effort}.")


def parse(body: str) -> Served:
    """Raises msgspec.DecodeError for what describes no model."""
    return msgspec.json.decode(body, type=Served)
