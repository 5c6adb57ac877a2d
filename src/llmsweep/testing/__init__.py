"""Tests that every provider and every sandbox must pass, and a server to test against: shipped for whoever writes one.

`ProviderConformance` and `SandboxConformance` are classes to inherit, each wanting one fixture; pytest is needed
only to run them. `SseServer` is a real local server with known delays and faults by script.
"""

from __future__ import annotations

from llmsweep.testing.providers import ProviderConformance
from llmsweep.testing.sandboxes import FilesConformance, MemoryFactory, SandboxConformance
from llmsweep.testing.server import Answer, Model, Piece, SseServer

__all__ = [
    "Answer",
    "FilesConformance",
    "MemoryFactory",
    "Model",
    "Piece",
    "ProviderConformance",
    "SandboxConformance",
    "SseServer",
]
