"""The protocols by name, and what of them is part of an episode's identity."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from llmsweep.agent.protocols.base import ActionProtocol
from llmsweep.agent.protocols.fenced import Fenced
from llmsweep.agent.protocols.native import Native
from llmsweep.agent.protocols.whole_file import WholeFile
from llmsweep.errors import UsageError, nearest
from llmsweep.types import digest

PROTOCOLS: dict[str, ActionProtocol] = {p.name: p for p in (Native(), Fenced(), WholeFile())}
_PROMPTS = Path(__file__).parent.parent / "prompts"


def protocol(name: str) -> ActionProtocol:
    """The protocol of that name. Raises UsageError with the nearest one."""
    if name not in PROTOCOLS:
        raise UsageError(f"protocol={name!r}: there is no such protocol; {nearest(name, PROTOCOLS)}")
    return PROTOCOLS[name]


@cache
def system_prompt(protocol_name: str, variant: str) -> str:
    """The text of prompts/<protocol>/<variant>.md. Raises UsageError with the variants that there are."""
    folder = _PROMPTS / protocol(protocol_name).name
    known = [path.stem for path in folder.glob("*.md")]
    if variant not in known:
        raise UsageError(
            f"prompt={variant!r}: protocol {protocol_name} has no such prompt; {nearest(variant, known)}"
        )
    return (folder / f"{variant}.md").read_text(encoding="utf-8").strip()


@cache
def harness_digest(protocol_name: str, variant: str) -> str:
    """Digest of all that the harness itself says and offers to a model: prompt, tools, replies, protocol version."""
    chosen = protocol(protocol_name)
    said = [chosen.name, chosen.version, chosen.tools, chosen.replies]
    return digest([said, system_prompt(protocol_name, variant)])
