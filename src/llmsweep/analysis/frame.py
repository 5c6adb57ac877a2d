"""Tidy frames of the episode log: one row an episode, or one row a turn; what is unknown is NA, never 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, get_args

import pandas as pd

from llmsweep.types import FRESH, Episode, Slip, Turn

Frame = pd.DataFrame
"""For those who hand tables on without knowing pandas."""


class Column(NamedTuple):
    """A column's pandas dtype and what it holds, with its unit."""

    dtype: str
    holds: str


AXES = {
    "temperature": Column("float64", "sampling temperature"),
    "top_p": Column("float64", "nucleus sampling's mass"),
    "top_k": Column("Int64", "most tokens to choose from, 0: all; NA: as the provider is configured"),
    "min_p": Column("float64", "least probability of a token, as a share of the likeliest's; NA: likewise"),
    "repeat_penalty": Column("float64", "divides the logits of what was said before, 1: none; NA: likewise"),
    "reasoning": Column("string", "off, on, or the level's name"),
    "echo_reasoning": Column("boolean", "earlier reasoning is sent back"),
    "max_tokens": Column("Int64", "output tokens of one completion"),
    "protocol": Column("string", "how the model acts"),
    "prompt": Column("string", "which system prompt"),
    "turns_budget": Column("Int64", "turns of one episode"),
    "tokens_budget": Column("Int64", "tokens of one episode, input and output; NA: no budget"),
    "seconds_budget": Column("Float64", "s of one episode; NA: no budget"),
    "context": Column("Int64", "tokens of the context window; NA: the server does not say"),
    "seed": Column("Int64", "base seed; NA: the server chooses"),
}
"""The columns that say what a cell is, model and revision apart."""

SLIPS: tuple[str, ...] = get_args(Slip)

COLUMNS = {
    "key": Column("string", "the episode's content address"),
    "task_id": Column("string", "suite/task"),
    "tier": Column("Int64", "difficulty tier of the task, 1 is the easiest"),
    "cell_id": Column("string", "the cell's short name"),
    "model": Column("string", "what answered"),
    "revision": Column("string", "which weights"),
    **AXES,
    "repeat": Column("Int64", "which attempt at the task, from 0"),
    "fresh": Column(
        "boolean", "one of a confirmation's: its seeds chose nothing, and it enters no comparison"
    ),
    "passed": Column("boolean", "NA: not scored"),
    "reward": Column("Float64", "the task's own score, 1 is a pass"),
    "progress": Column("Float64", "share of the task's milestones that hold at the end; NA: it has none"),
    "stop": Column("string", "why it ended"),
    "ceiling": Column("string", "why it failed; NA: passed or not scored"),
    "fault": Column("string", "whose infrastructure broke; NA: scored"),
    "faults": Column(
        "Int64", "attempts at this episode that ended in a fault, before it was scored or at all"
    ),
    "frontier": Column("string", "the model that may take over (policy=tiered); NA: it works alone"),
    "trigger": Column("string", "why the task was handed over; NA: it was not"),
    "handoff_tokens": Column(
        "Int64",
        "tokens that the frontier model's first call read and no cache had; NA: no handoff, not reported",
    ),
    "n_turns": Column("Int64", "turns"),
    "frontier_turns": Column("Int64", "turns of the frontier model; 0: it had none"),
    **{f"slip_{slip}": Column("Int64", f"turns with the slip {slip} (see types.Slip)") for slip in SLIPS},
    "recovered": Column("Int64", "actions that were read out of text instead of being called"),
    "input_tokens": Column(
        "Int64", "tokens, sum over turns, cached ones included; NA: a turn did not report"
    ),
    "cached_tokens": Column("Int64", "likewise, the part of them taken from a cache"),
    "output_tokens": Column("Int64", "likewise, generated, reasoning included"),
    "reasoning_tokens": Column("Int64", "likewise, the part of them that is reasoning"),
    "tokens": Column("Int64", "input_tokens + output_tokens"),
    "frontier_tokens": Column(
        "Int64", "the part of them that the frontier model took; NA: one did not report"
    ),
    "ttft_s": Column("Float64", "s to the first piece of the first turn on a warm model; NA: not observed"),
    "ttfo_s": Column("Float64", "likewise, to the first piece that is not reasoning"),
    "ttft_cold_s": Column(
        "Float64", "s to the first piece where the model was loaded for it; NA: never cold"
    ),
    "model_s": Column("Float64", "s that completions took, sum over turns"),
    "duration_s": Column("Float64", "s of the whole episode, sandbox and grading included"),
    "retries": Column("Int64", "completions that failed and were tried again; in none of the clocks"),
    "provider": Column("string", "the provider's word"),
    "concurrency": Column("Int64", "episodes that could be in flight, itself included"),
    "machine": Column("string", "where it ran"),
    "load": Column("Float64", "the machine's one-minute load average at the start"),
    "joules": Column("Float64", "the GPUs' energy, where one episode at a time used them"),
    "version": Column("string", "llmsweep's"),
    "started_at": Column("string", "UTC, ISO 8601"),
}
"""The columns of `frame`."""

TURN_COLUMNS = {
    **{name: COLUMNS[name] for name in ("key", "task_id", "cell_id", "repeat")},
    "turn": Column("Int64", "which turn, from 0"),
    "frontier": Column("boolean", "the frontier model made it"),
    "input_tokens": Column("Int64", "tokens of the whole prompt; NA: not reported"),
    "cached_tokens": Column("Int64", "the part of them taken from a cache"),
    "output_tokens": Column("Int64", "tokens generated, reasoning included"),
    "reasoning_tokens": Column("Int64", "the part of them that is reasoning"),
    "ttft_s": Column("Float64", "s to the first piece of any kind"),
    "ttfo_s": Column("Float64", "s to the first piece that is not reasoning"),
    "load_s": Column("Float64", "s of loading the model, as the server reports them"),
    "prefill_s": Column("Float64", "s of reading the prompt, likewise"),
    "decode_s": Column("Float64", "s of generating, likewise"),
    "duration_s": Column("Float64", "s of the completion"),
    "stop_reason": Column("string", "why the completion ended"),
    "cold": Column("boolean", "the model was loaded for it"),
    "retries": Column("Int64", "earlier tries that failed"),
    "acts": Column("Int64", "actions"),
    "acts_ok": Column("Int64", "those of them that went well"),
    "slips": Column("string", "what the model did wrong in it, by commas"),
    "snapshot": Column("string", "digest of the workspace after it"),
    "passed": Column("boolean", "whether that workspace passes; NA: not graded"),
    "progress": Column("Float64", "share of the milestones that it holds; NA: not graded, or no milestones"),
}
"""The columns of `turns_frame`."""


def frame(episodes: Iterable[Episode]) -> pd.DataFrame:
    """One row an episode key, with COLUMNS, in the log's order.

    Where the log has a key more than once (a fault, then the re-run) the last scored one counts, and
    ``faults`` says how many attempts broke; a key that was never scored has ``passed`` NA.
    """
    rows = [
        {**_identity(episode), **_axes(episode), **_outcome(episode), "faults": faults}
        for episode, faults in counted(episodes)
    ]
    return _typed(rows, COLUMNS)


def turns_frame(episodes: Iterable[Episode]) -> pd.DataFrame:
    """One row a turn of each episode that `frame` counts, with TURN_COLUMNS."""
    rows = [
        {**_identity(episode), **_turn(turn), "turn": number}
        for episode, _ in counted(episodes)
        for number, turn in enumerate(episode.turns)
    ]
    return _typed(rows, TURN_COLUMNS)


def scored(data: pd.DataFrame) -> pd.DataFrame:
    """The rows that may enter a rate."""
    return data[data["passed"].notna()]


def choosing(data: pd.DataFrame) -> pd.DataFrame:
    """The rows that cells are compared by: all but the confirmation's."""
    return data[~data["fresh"]]


def varied(data: pd.DataFrame) -> list[str]:
    """The axes in which the frame's cells differ, in the order of AXES."""
    return [axis for axis in AXES if data[axis].nunique(dropna=False) > 1]


def counted(episodes: Iterable[Episode]) -> Iterator[tuple[Episode, int]]:
    """Every key's episode that counts, and how many attempts at it were not scored."""
    chosen: dict[str, Episode] = {}
    faults: dict[str, int] = {}
    for episode in episodes:
        faults[episode.key] = faults.get(episode.key, 0) + (episode.passed is None)
        if episode.passed is not None or episode.key not in chosen or chosen[episode.key].passed is None:
            chosen[episode.key] = episode
    return ((episode, faults[key]) for key, episode in chosen.items())


def _typed(rows: list[dict[str, Any]], columns: dict[str, Column]) -> pd.DataFrame:
    untyped = pd.DataFrame(rows, columns=list(columns), dtype="object")
    return untyped.astype({name: column.dtype for name, column in columns.items()})


def _identity(episode: Episode) -> dict[str, Any]:
    return {
        "key": episode.key,
        "task_id": episode.task_id,
        "tier": episode.tier,
        "cell_id": episode.cell_id,
        "model": episode.cell.model,
        "revision": episode.cell.revision,
        "repeat": episode.repeat,
    }


def _axes(episode: Episode) -> dict[str, Any]:
    cell, sampling, budget = episode.cell, episode.cell.sampling, episode.cell.budget
    return {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repeat_penalty,
        "reasoning": _word(sampling.reasoning),
        "echo_reasoning": sampling.echo_reasoning,
        "max_tokens": sampling.max_tokens,
        "protocol": cell.protocol,
        "prompt": cell.prompt,
        "turns_budget": budget.turns,
        "tokens_budget": budget.tokens,
        "seconds_budget": budget.seconds,
        "context": cell.context,
        "seed": sampling.seed,
    }


def _word(reasoning: bool | str) -> str:
    return reasoning if isinstance(reasoning, str) else "on" if reasoning else "off"


def _outcome(episode: Episode) -> dict[str, Any]:
    turns = episode.turns
    above = tuple(turn for turn in turns if turn.frontier)
    warm = next((turn for turn in turns if not turn.cold), None)
    cold = next((turn for turn in turns if turn.cold), None)
    read = _total(turns, lambda turn: turn.usage.input_tokens)
    written = _total(turns, lambda turn: turn.usage.output_tokens)
    return {
        "fresh": episode.repeat >= FRESH,
        "passed": episode.passed,
        "reward": episode.reward,
        "progress": _progress(episode),
        "stop": episode.stop,
        "ceiling": episode.ceiling,
        "fault": episode.fault,
        "frontier": episode.policy and episode.policy.frontier.model,
        "trigger": episode.handoff and episode.handoff.trigger,
        "handoff_tokens": episode.handoff and episode.handoff.read_tokens,
        "n_turns": len(turns),
        "frontier_turns": len(above),
        **{f"slip_{slip}": sum(slip in turn.slips for turn in turns) for slip in SLIPS},
        "recovered": sum(act.recovered for turn in turns for act in turn.acts),
        "input_tokens": read,
        "cached_tokens": _total(turns, lambda turn: turn.usage.cached_tokens),
        "output_tokens": written,
        "reasoning_tokens": _total(turns, lambda turn: turn.usage.reasoning_tokens),
        "tokens": _tokens(turns),
        "frontier_tokens": _tokens(above) if above else 0,
        "ttft_s": warm and warm.ttft_s,
        "ttfo_s": warm and warm.ttfo_s,
        "ttft_cold_s": cold and cold.ttft_s,
        "model_s": sum(turn.duration_s for turn in turns) if turns else None,
        "duration_s": episode.duration_s,
        "retries": sum(turn.retries for turn in turns),
        "provider": episode.provider,
        "concurrency": episode.concurrency,
        "machine": episode.machine,
        "load": episode.load,
        "joules": episode.joules,
        "version": episode.version,
        "started_at": episode.started_at,
    }


def _progress(episode: Episode) -> float | None:
    parts = episode.milestones.values()
    return sum(parts) / len(parts) if parts else None


def _total(turns: tuple[Turn, ...], count: Callable[[Turn], int | None]) -> int | None:
    """The sum over turns; None when there is no turn, or one did not report."""
    counts = [count(turn) for turn in turns]
    known = [one for one in counts if one is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _tokens(turns: tuple[Turn, ...]) -> int | None:
    read = _total(turns, lambda turn: turn.usage.input_tokens)
    written = _total(turns, lambda turn: turn.usage.output_tokens)
    return None if read is None or written is None else read + written


def _turn(turn: Turn) -> dict[str, Any]:
    usage = turn.usage
    return {
        "frontier": turn.frontier,
        "input_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "output_tokens": usage.output_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "ttft_s": turn.ttft_s,
        "ttfo_s": turn.ttfo_s,
        "load_s": turn.load_s,
        "prefill_s": turn.prefill_s,
        "decode_s": turn.decode_s,
        "duration_s": turn.duration_s,
        "stop_reason": turn.stop_reason,
        "cold": turn.cold,
        "retries": turn.retries,
        "acts": len(turn.acts),
        "acts_ok": sum(act.status == "ok" for act in turn.acts),
        "slips": ",".join(turn.slips),
        "snapshot": turn.snapshot,
        "passed": turn.passed,
        "progress": turn.progress,
    }
