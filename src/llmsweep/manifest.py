"""What the last sweep into a results folder was about: which episodes of the log are current, and what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from llmsweep.errors import UsageError
from llmsweep.policy import Tiered
from llmsweep.types import Cell, Episode

FILE = "sweep.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``delta``, ``confidence``: when a choice is right, and how strongly that was to be believed; ``cells``: ids of
    those that the last sweep was to choose from (empty in logs of older versions: all); ``since``: the repeat from
    which on episodes choose, those before it having only searched; ``settles``: one attempt at a task in a greedy cell
    was taken for all; ``tasks``: id -> digest; ``harness``: the digests of what the harness says; ``owed``: how many
    episodes were still wanted when the sweep ended; ``policy``: which other model took tasks over, None where none did;
    ``frontier_price``: what its tokens are priced as, vendor/model.
    """

    v: int = 1
    model: str
    suite: str
    suite_version: str
    suite_digest: str
    strategy: str
    delta: float = 0.05
    confidence: float = 0.95
    cells: list[str] = field(default_factory=list)
    since: int = 0
    settles: bool = False
    baseline: Cell
    tasks: dict[str, str]
    harness: list[str]
    owed: int = 0
    policy: Tiered | None = None
    frontier_price: str | None = None

    def current(self, episodes: Iterable[Episode]) -> Iterator[Episode]:
        """Those that the manifest's own tasks, prompts and weights gave, and that choose. Others stay in the log and out of every figure."""
        for episode in episodes:
            if (
                self.tasks.get(episode.task_id) == episode.task_digest
                and episode.harness in self.harness
                and episode.repeat >= self.since
                and episode.cell.revision == self.baseline.revision
            ):
                yield episode

    def with_owed(self, owed: int) -> Manifest:
        return replace(self, owed=owed)


def write(folder: Path, manifest: Manifest) -> None:
    path = folder / FILE
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    temporary.replace(path)


def read(folder: Path) -> Manifest:
    """Raises UsageError when there is none or it cannot be read."""
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as e:
        raise UsageError(
            f"{path}: cannot be read ({e}); run the sweep again, it only writes this anew."
        ) from e
