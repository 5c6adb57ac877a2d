"""Tests that every provider and every sandbox must pass, and a server to test against: shipped for whoever writes one.

`ProviderConformance` and `SandboxConformance` are classes to inherit, each wanting one fixture; pytest is needed
only to run them. `SseServer`, `AnthropicServer` and `OllamaServer` are real local servers with known delays and faults
by script.
"""

from __future__ import annotations

from llmsweep.testing.anthropic_rules import Claude
from llmsweep.testing.anthropic_server import AnthropicServer
from llmsweep.testing.anthropic_speech import Reply
from llmsweep.testing.memory import MemoryFactory
from llmsweep.testing.ollama_server import OllamaModel, OllamaReply, OllamaServer
from llmsweep.testing.providers import ProviderConformance
from llmsweep.testing.sandboxes import FilesConformance, SandboxConformance
from llmsweep.testing.server import Answer, Model, Piece, SseServer

__all__ = [
    "Answer",
    "AnthropicServer",
    "Claude",
    "FilesConformance",
    "MemoryFactory",
    "Model",
    "OllamaModel",
    "OllamaReply",
    "OllamaServer",
    "Piece",
    "ProviderConformance",
    "Reply",
    "SandboxConformance",
    "SseServer",
]
