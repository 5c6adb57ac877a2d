"""One point of a sweep and what it is made of: all that a provider is told, and all that the loop checks."""

from __future__ import annotations

from dataclasses import dataclass

from llmsweep.identity import cell_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """All that a provider is told about how to answer.

    ``temperature``, ``top_p``: None is not sent, for models whose API takes none.
    ``top_k`` (0: no limit), ``min_p`` (0: no limit) and ``repeat_penalty`` (1: none): None leaves them to how the
    provider is configured and, where that says nothing, to the server, whose defaults nobody here knows.
    ``seed`` is the sweep's base seed; the loop derives each turn's own from it (`turn_seed`).
    ``reasoning``: off, on, or a level's name where the model has levels.
    ``echo_reasoning``: earlier turns' reasoning is sent back with the history.
    ``max_tokens``: output tokens of one completion, reasoning included.
    """

    temperature: float | None = 0.0
    top_p: float | None = 1.0
    top_k: int | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    reasoning: bool | str = False
    echo_reasoning: bool = False
    max_tokens: int = 1024
    seed: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one episode may spend; None is no budget. ``tokens``: input and output over all turns."""

    turns: int = 8
    tokens: int | None = None
    seconds: float | None = None
    dollars: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One point of a sweep. ``context``: tokens each stream's window holds, None where nobody can say."""

    model: str
    revision: str
    sampling: Sampling
    protocol: str
    prompt: str = "thin"
    budget: Budget
    context: int | None = None

    @property
    def greedy(self) -> bool:
        """It decodes greedily: what it answers depends on no seed."""
        sampling = self.sampling
        return sampling.temperature == 0 or sampling.top_k == 1 or (sampling.min_p or 0) >= 1

    @property
    def id(self) -> str:
        """A short stable name of this cell: 12 hex digits of its canonical JSON's sha256."""
        return cell_digest(self)[:12]
