"""The models that were run on a suite, out of results folders: each with the cell that its sweep recommends, and its memory."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from llmsweep import manifest
from llmsweep.cli.cost_sides import CLOUDS, CONFIG
from llmsweep.cli.fit import shape_here
from llmsweep.errors import LlmsweepError, UsageError, nearest
from llmsweep.local.fit import Load, footprint, margin
from llmsweep.local.host import GB
from llmsweep.local.sources import parse_source
from llmsweep.manifest import Manifest
from llmsweep.store import EPISODES, SNAPSHOTS, TRANSCRIPTS, read_episodes
from llmsweep.types import FRESH, Episode

if TYPE_CHECKING:
    from llmsweep.analysis.choosing import Candidate

OTHERS = ("smoke", "plots", "probe", SNAPSHOTS, TRANSCRIPTS)
"""Folders beside a log that hold no other model's, and may hold very many files."""
ON_TOP = 1.3
"""Of what the weights take, where nothing else is known: 21 GB were seen to become 24, and 73 to become 96, at long windows."""
_BYTES = re.compile(r"\bbytes=(\d+)")


class Log(NamedTuple):
    """A model's log on the suite. ``last``: when its newest episode began, ISO 8601."""

    folder: Path
    about: Manifest
    episodes: list[Episode]
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """``gb``: resident, with what must stay free; None is not known. ``rests_on``: who says so."""

    gb: float | None
    rests_on: str


def find(suite: str, folders: Sequence[Path]) -> tuple[list[Log], list[str]]:
    """The newest log of every model (and weights) on the suite, and a sentence for each that is passed over.

    Raises UsageError where there is none.
    """
    logs, seen, notes = [], set(), []
    for path in _logs(folders):
        try:
            about = manifest.read(path)
        except UsageError as e:
            notes.append(f"passed over: {e}".rstrip("."))
            continue
        if about.policy:
            notes.append(f"{path}: passed over, another model took some of its tasks over (policy=tiered)")
            continue
        seen.add(about.suite)
        if about.suite != suite:
            continue
        current = [e for e in about.current(read_episodes(path)) if e.repeat < FRESH or e.passed is not None]
        if any(e.passed is not None and e.repeat < FRESH for e in current):
            logs.append(Log(path, about, current, max(e.started_at for e in current)))
        else:
            notes.append(f"{path}: no scored episode")
    if not logs:
        where = ", ".join(map(str, folders))
        over = f" ({'; '.join(notes)})" if notes else ""
        raise UsageError(f"suite={suite}: no results on it in {where}{over}; {nearest(suite, seen)}")
    newest: dict[tuple[str, str], Log] = {}
    for log in sorted(logs, key=lambda log: log.last):
        key = (log.about.model, log.about.baseline.revision)
        if key in newest:
            notes.append(
                f"{newest[key].folder}: passed over, {log.folder} has newer results of the same model"
            )
        newest[key] = log
    return list(newest.values()), notes


def _logs(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"results={folder}: there is no such folder.")
        for path, below, files in os.walk(folder):
            below[:] = sorted(name for name in below if name not in OTHERS)
            if manifest.FILE in files and EPISODES in files:
                yield Path(path)


def candidates(
    logs: Sequence[Log], memory: Mapping[str, float], *, gpu: bool = False
) -> tuple[list[Candidate], list[str]]:
    """Each model on the texts of the tasks that most of them ran (of equally many, the newest log's), and a sentence for
    each that ran others. ``memory``: model -> GB, as given; ``gpu``: weights will lie in a GPU's.
    """
    texts = _texts(logs)
    tasks = sorted(texts)
    names = Counter(log.about.model for log in logs)
    strangers = [name for name in memory if name not in names]
    if strangers:
        raise UsageError(
            f"memory.{strangers[0]}: no such model has results here; {nearest(strangers[0], names)}"
        )
    found, notes = [], []
    for log in logs:
        mine = [e for e in log.episodes if texts.get(e.task_id) == e.task_digest]
        if not any(e.passed is not None and e.repeat < FRESH for e in mine):
            notes.append(f"{log.folder}: passed over, it ran other texts of these tasks")
            continue
        name = log.about.model if names[log.about.model] == 1 else f"{log.about.model} ({log.folder})"
        found.append(_candidate(log, mine, name, tasks, _taken(log, memory, gpu=gpu)))
    return found, notes


def _texts(logs: Sequence[Log]) -> dict[str, str]:
    """Task -> the digest that most logs have."""
    counted: dict[str, Counter[str]] = {}
    for log in sorted(logs, key=lambda log: log.last, reverse=True):
        for task in {e.task_id for e in log.episodes}:
            counted.setdefault(task, Counter())[log.about.tasks[task]] += 1
    return {task: counts.most_common(1)[0][0] for task, counts in counted.items()}


def _candidate(
    log: Log, mine: list[Episode], name: str, tasks: Sequence[str], taken: Memory | None
) -> Candidate:
    from llmsweep.analysis.beliefs import believe
    from llmsweep.analysis.choosing import Candidate, seen
    from llmsweep.analysis.frame import choosing, frame
    from llmsweep.analysis.recommend import recommend
    from llmsweep.belief.verdict import Terms

    about, data = log.about, frame(mine)
    beliefs = believe(
        choosing(data), Terms(about.delta, about.confidence), among=_among(about, mine), settles=about.settles
    )
    verdict = recommend(
        data, about.baseline.id, about.strategy, about.suite, owed=about.owed, beliefs=beliefs
    )
    did = seen(data, verdict.cell_id, tasks)
    return Candidate(
        name=name,
        origin=str(log.folder),
        cell=verdict.label,
        **did._asdict(),
        memory_gb=None if taken is None else taken.gb,
        rests_on="" if taken is None else taken.rests_on,
        cloud=taken is None,
        confirmed=verdict.status == "confirmed",
    )


def _among(about: Manifest, episodes: Sequence[Episode]) -> list[str]:
    """The cells to choose from that have a scored episode of these texts; none named: all."""
    ran = {e.cell_id for e in episodes if e.passed is not None and e.repeat < FRESH}
    return [cell for cell in about.cells if cell in ran]


def _config(folder: Path) -> Mapping[str, Any]:
    from omegaconf import OmegaConf

    path = folder / CONFIG
    if not path.is_file():
        return {}
    return cast(Mapping[str, Any], OmegaConf.to_container(OmegaConf.load(path)))


def _cloud(log: Log) -> bool:
    """Its tokens are paid for: by its configuration, or because its provider knows no other way."""
    config = _config(log.folder)
    address = str((config.get("provider") or {}).get("base_url") or "")
    priced = (config.get("model") or {}).get("price") is not None
    return priced or log.episodes[0].provider == "anthropic" or any(one in address for one in CLOUDS)


def _taken(log: Log, memory: Mapping[str, float], *, gpu: bool) -> Memory | None:
    """None of a model in the cloud; else as given, else as llama.cpp will have it where the weights are here, else by
    their size.
    """
    if _cloud(log):
        return None
    if (given := memory.get(log.about.model)) is not None:
        return Memory(gb=given, rests_on="as given")
    config = _config(log.folder)
    source = (config.get("model") or {}).get("source")
    if source and (predicted := _predicted(log, config.get("provider") or {}, source, gpu=gpu)) is not None:
        return Memory(gb=predicted, rests_on="predicted, with a margin")
    size = (source or {}).get("bytes") or _bytes(log.about.baseline.revision)
    return Memory(gb=ON_TOP * size / GB if size else None, rests_on="estimated" if size else "")


def _predicted(log: Log, provider: Mapping[str, Any], source: Any, *, gpu: bool) -> float | None:
    """GB for the sweep's own window and slots; None where the weights are not here, or nobody says which window."""
    context = provider.get("context") or log.about.baseline.context
    if not context:
        return None
    load = {key: provider[key] for key in ("slots", "kv_type") if provider.get(key) is not None}
    try:
        shape = shape_here(log.about.model, parse_source(source))
        predicted = footprint(shape, Load(context=int(context), gpu=gpu, **load))
    except (LlmsweepError, OSError):
        return None
    return (predicted.total + margin(predicted)) / GB


def _bytes(revision: str) -> int | None:
    """Of the weights, where the server's own words name them."""
    found = _BYTES.search(revision)
    return int(found.group(1)) if found else None
