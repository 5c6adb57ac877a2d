"""Pass rates and seconds that would stand where they were not measured: refused, or told as what is taken for granted."""

from __future__ import annotations

from llmsweep.analysis.costs.attempts import Attempts
from llmsweep.analysis.costs.machine import Machine
from llmsweep.errors import UsageError

LOCAL = ("llamacpp", "ollama", "scripted")
"""Providers that serve a model on a machine of one's own, whatever the configuration says."""
_WEIGHTS = "quantisation, context and template change what the same weights can do: measure it there"


def refuse_strangers(
    local: Attempts, cloud: Attempts | None, machine: Machine, assume: str | None
) -> list[str]:
    """Sentences on what is taken for granted. Raises UsageError for a pass rate on a curve of another kind of machine, or
    seconds of another one, unless ``assume`` says why that is all right.
    """
    lent = []
    if local.where == "cloud":
        lent.append((f"local={local.origin}: its pass rate was measured in the cloud", _WEIGHTS))
        if machine.prefill_tokens_s is None:
            raise UsageError(
                f"local={local.origin}: its seconds are a cloud's; give the host's own rates,"
                " host.cost.prefill_tokens_s=N and host.cost.decode_tokens_s=N."
            )
    if cloud is not None and cloud.where == "local":
        lent.append((f"cloud={cloud.origin}: its pass rate was measured on a machine of one's own", _WEIGHTS))
    by_rate = machine.prefill_tokens_s is not None
    if local.where != "cloud" and local.host is not None and local.host != machine.name and not by_rate:
        lent.append(
            (
                f"host={machine.name}: the seconds in {local.origin} were measured on host {local.host}",
                "give rates of this one (host.cost.prefill_tokens_s=N host.cost.decode_tokens_s=N)",
            )
        )
    if lent and assume is None:
        what, instead = lent[0]
        raise UsageError(f"{what}; {instead}, or say why it may stand with assume='...', which is printed.")
    return [what for what, _ in lent]
