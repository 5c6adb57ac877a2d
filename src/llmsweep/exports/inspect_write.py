"""A log as Inspect's .eval files, one a cell: a zip of JSON, written here, since the package that reads it brings a hundred others.

Held to the real package by a test that reads the files with it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from llmsweep.errors import UsageError
from llmsweep.exports.inspect_messages import messages, output
from llmsweep.store import read_transcript
from llmsweep.types import Cell, Episode, Message, Stop, Turn

FORMAT = 2
SCORER = "llmsweep"
LIMITS: Mapping[Stop, str] = {"turns": "turn", "tokens": "token", "seconds": "time", "context": "context"}
"""Ends of an episode that Inspect calls limits; all others stand in the sample's metadata alone."""


def write_evals(
    folder: Path, episodes: Sequence[Episode], rates: Mapping[str, float], about: Mapping[str, str], out: Path
) -> list[Path]:
    """A file for each cell into ``out``; those of the same names are replaced.

    ``episodes``: those that count, one a key, without a confirmation's; ``rates``: cell -> its pass rate, as the mean over
    tasks; ``about``: suite, suite_version, version. Faulted episodes are samples with an error and no score. Samples
    without a transcript have no messages.
    """
    out.mkdir(parents=True, exist_ok=True)
    names = _short({episode.task_id for episode in episodes})
    written = []
    for cell in dict.fromkeys(episode.cell_id for episode in episodes):
        mine = [episode for episode in episodes if episode.cell_id == cell]
        samples = [_sample(folder, one, epoch, names[one.task_id]) for one, epoch in _epochs(mine)]
        header = _header(mine, samples, rates[cell], about)
        stamp = header["eval"]["created"].replace(":", "-").replace("+", "-")
        path = out / f"{stamp}_{about['suite'].replace('_', '-')}_{cell}.eval"
        _write(path, header, samples)
        written.append(path)
    return written


def _write(path: Path, header: Mapping[str, Any], samples: Sequence[Mapping[str, Any]]) -> None:
    fresh = path.with_suffix(".tmp")
    start = {key: header[key] for key in ("version", "eval", "plan")}
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_journal/start.json", _json(start))
        for sample in samples:
            archive.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", _json(sample))
        archive.writestr("summaries.json", _json([_summary(sample) for sample in samples]))
        archive.writestr("header.json", _json(header))
    fresh.replace(path)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _short(tasks: Iterable[str]) -> dict[str, str]:
    """Task -> its id in Inspect: without the suite where that stays unique; a file's name has no slash."""
    tasks = sorted(tasks)
    short = {task: task.rpartition("/")[2] for task in tasks}
    if len(set(short.values())) < len(tasks):
        short = {task: task.replace("/", ".") for task in tasks}
    return short


def _epochs(episodes: Sequence[Episode]) -> Iterator[tuple[Episode, int]]:
    """Each task's repeats are its epochs, counted from 1 without gaps: a race skips none, a resumed grid may."""
    seen: dict[str, int] = {}
    for episode in sorted(episodes, key=lambda one: (one.repeat, one.task_id)):
        seen[episode.task_id] = seen.get(episode.task_id, 0) + 1
        yield episode, seen[episode.task_id]


def _sample(folder: Path, episode: Episode, epoch: int, name: str) -> dict[str, Any]:
    said = _transcript(folder, episode)
    sample: dict[str, Any] = {
        "id": name,
        "epoch": epoch,
        "input": next((one.content for one in said if one.role == "user"), episode.task_id),
        "target": "the task's hidden tests pass",
        "messages": messages(said),
        "output": output(episode, said),
        "metadata": _metadata(episode),
        "store": {},
        "events": [],
        "model_usage": _usages(episode),
        "uuid": episode.key,
        "total_time": round(episode.duration_s, 3),
        "working_time": round(episode.duration_s, 3),
        "turn_count": len(episode.turns),
        **_times(episode),
    }
    if episode.passed is not None:
        sample["scores"] = {SCORER: _score(episode)}
    if episode.fault is not None:
        text = f"{episode.fault}: {episode.error or 'no more is known'}"
        sample["error"] = {"message": text, "traceback": "", "traceback_ansi": ""}
    elif (limit := LIMITS.get(episode.stop)) is not None:
        sample["limit"] = {"type": limit, "limit": _bound(episode)}
    return sample


def _transcript(folder: Path, episode: Episode) -> tuple[Message, ...]:
    try:
        return read_transcript(folder, episode.key)
    except UsageError:
        return ()


def _score(episode: Episode) -> dict[str, Any]:
    why = f"ended by: {episode.stop}" + (f"; failed by: {episode.ceiling}" if episode.ceiling else "")
    return {
        "value": "C" if episode.passed else "I",
        "explanation": why,
        "metadata": {"reward": episode.reward, "milestones": episode.milestones},
        "history": [],
    }


def _bound(episode: Episode) -> float:
    budget = episode.cell.budget
    bounds = {
        "turns": budget.turns,
        "tokens": budget.tokens,
        "seconds": budget.seconds,
        "context": episode.cell.context,
    }
    return float(bounds[episode.stop] or 0)


def _metadata(episode: Episode) -> dict[str, Any]:
    """What Inspect has no field for."""
    return {
        "task_id": episode.task_id,
        "tier": episode.tier,
        "cell": episode.cell_id,
        "repeat": episode.repeat,
        "stop": episode.stop,
        "ceiling": episode.ceiling,
        "fault": episode.fault,
        "trigger": episode.handoff and episode.handoff.trigger,
        "slips": sorted({slip for turn in episode.turns for slip in turn.slips}),
        "ttft_s": next((turn.ttft_s for turn in episode.turns if not turn.cold), None),
        "joules": episode.joules,
        "machine": episode.machine,
    }


def _usages(episode: Episode) -> dict[str, Any]:
    """By model; nothing for one of which a turn did not report: unknown is not 0."""
    sides = {False: episode.cell.model, True: episode.policy.frontier.model if episode.policy else ""}
    found = {}
    for frontier, model in sides.items():
        turns = [turn for turn in episode.turns if turn.frontier is frontier]
        if turns and (usage := _usage(turns)) is not None:
            found[model] = usage
    return found


def _usage(turns: Sequence[Turn]) -> dict[str, int] | None:
    """Inspect's input tokens are those that no cache had."""
    used = [turn.usage for turn in turns]
    if any(one.input_tokens is None or one.output_tokens is None for one in used):
        return None
    told = {
        name: [value for one in used if (value := getattr(one, f"{name}_tokens")) is not None]
        for name in ("input", "cached", "cache_write", "output", "reasoning")
    }
    total = {name: sum(values) for name, values in told.items()}
    names = {
        "cached": "input_tokens_cache_read",
        "cache_write": "input_tokens_cache_write",
        "reasoning": "reasoning_tokens",
    }
    return {
        "input_tokens": max(0, total["input"] - total["cached"] - total["cache_write"]),
        "output_tokens": total["output"],
        "total_tokens": total["input"] + total["output"],
        **{theirs: total[ours] for ours, theirs in names.items() if told[ours]},
    }


def _times(episode: Episode) -> dict[str, str]:
    try:
        began = datetime.fromisoformat(episode.started_at)
    except ValueError:
        return {}
    ended = began + timedelta(seconds=episode.duration_s)
    return {"started_at": began.isoformat(), "completed_at": ended.isoformat()}


def _summary(sample: Mapping[str, Any]) -> dict[str, Any]:
    kept = (
        *(
            "id",
            "epoch",
            "input",
            "target",
            "metadata",
            "scores",
            "model_usage",
            "started_at",
            "completed_at",
        ),
        *("total_time", "working_time", "uuid", "turn_count"),
    )
    summary = {key: sample[key] for key in kept if key in sample}
    if "error" in sample:
        summary["error"] = sample["error"]["message"]
    if "limit" in sample:
        summary["limit"] = sample["limit"]["type"]
    return {**summary, "retries": 0, "completed": True, "message_count": len(sample["messages"])}


def _header(
    episodes: Sequence[Episode], samples: Sequence[Mapping[str, Any]], rate: float, about: Mapping[str, str]
) -> dict[str, Any]:
    cell = episodes[0].cell
    scored = sum(episode.passed is not None for episode in episodes)
    began = min(sample.get("started_at", "") for sample in samples) or "1970-01-01T00:00:00+00:00"
    ended = max(sample.get("completed_at", "") for sample in samples) or began
    config = _generate(cell)
    ids = list(dict.fromkeys(sample["id"] for sample in samples))
    score = {
        "name": SCORER,
        "scorer": SCORER,
        "scored_samples": scored,
        "unscored_samples": len(samples) - scored,
        "params": {},
        "metrics": {"accuracy": {"name": "accuracy", "value": rate, "params": {}}} if scored else {},
    }
    return {
        "version": FORMAT,
        "status": "success",
        "eval": {
            "eval_id": episodes[0].cell_id,
            "run_id": episodes[0].cell_id,
            "created": began,
            "task": about["suite"],
            "task_id": episodes[0].cell_id,
            "task_version": about["suite_version"],
            "dataset": {
                "name": about["suite"],
                "samples": len(ids),
                "sample_ids": ids,
                "shuffled": False,
            },
            "model": cell.model,
            "model_generate_config": config,
            "model_args": {"revision": cell.revision},
            "config": {"epochs": max(sample["epoch"] for sample in samples)},
            "packages": {"llmsweep": about["version"]},
            "scorers": [{"name": SCORER, "options": {}, "metrics": [{"name": "accuracy", "options": {}}]}],
            "metadata": {"cell": episodes[0].cell_id, "protocol": cell.protocol, "prompt": cell.prompt},
        },
        "plan": {"name": "plan", "steps": [{"solver": SCORER, "params": _agent(cell)}], "config": config},
        "results": {"total_samples": len(samples), "completed_samples": scored, "scores": [score]},
        "stats": {"started_at": began, "completed_at": ended, "model_usage": {}, "role_usage": {}},
    }


def _generate(cell: Cell) -> dict[str, Any]:
    """As far as Inspect's GenerateConfig has fields for it; the rest is in `extra_body`, under our names."""
    sampling = cell.sampling
    own = ("temperature", "top_p", "top_k", "max_tokens", "seed")
    config = {name: getattr(sampling, name) for name in own if getattr(sampling, name) is not None}
    rest = {name: getattr(sampling, name) for name in ("min_p", "repeat_penalty")}
    rest |= {"reasoning": sampling.reasoning, "echo_reasoning": sampling.echo_reasoning}
    return {**config, "extra_body": {name: value for name, value in rest.items() if value is not None}}


def _agent(cell: Cell) -> dict[str, Any]:
    budget = cell.budget
    return {
        "protocol": cell.protocol,
        "prompt": cell.prompt,
        "turns": budget.turns,
        "tokens": budget.tokens,
        "seconds": budget.seconds,
        "context": cell.context,
    }
