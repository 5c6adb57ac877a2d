"""`make bench`: our own speed figures, and whether they got worse against the last accepted commit on this machine.

The accepted code is run beside ours, in turns, by the same benchmarks: what is stored says which code that is. A first run
on a machine stores; so does one that finds nothing slower.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from llmsweep import environment
from llmsweep.errors import LlmsweepError, UsageError
from llmsweep.testing.regressions import MARGIN, ROUNDS, Figures, changes, figures_of, interleaved, told

ROOT = Path(__file__).parents[2]
STORE = ROOT / ".benchmarks" / "llmsweep"


def _environment() -> dict[str, str]:
    """Ours, without the words of a pytest around us: a worker of xdist measures nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}


class Bench:
    """Runs the benchmarks of a folder over one version of the sources, each time in a process of its own."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self.folder, self.words = folder, words
        self.failed: Counter[str] = Counter()
        """Of our own version: the tests that failed their own limits, and how often."""

    def once(self, sources: Path, *, ours: bool) -> Figures:
        with tempfile.TemporaryDirectory() as place:
            result = Path(place) / "result.json"
            command = [
                *(sys.executable, "-m", "pytest", str(self.folder), "-m", "", "--benchmark-only"),
                *("--benchmark-disable-gc", "--continue-on-collection-errors", "-p", "no:xdist", "-q", "-rf"),
                *(f"--benchmark-json={result}", *self.words),
            ]
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                env={**_environment(), "PYTHONPATH": str(sources)},
                cwd=ROOT,
            )
            if not result.is_file() or not result.stat().st_size:
                if not ours:
                    return {}
                raise UsageError(
                    f"the benchmarks of {self.folder} gave no result:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
                )
            if ours:
                self.failed.update(
                    line.split(" - ")[0].removeprefix("FAILED ")
                    for line in done.stdout.splitlines()
                    if line.startswith("FAILED ")
                )
            return figures_of(result)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, default=Path(__file__).parent, help="the folder of benchmarks")
    parser.add_argument("--then", type=Path, help="sources to compare with, instead of the accepted commit's")
    parser.add_argument("--now", type=Path, default=ROOT / "src", help="our sources")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--margin", type=float, default=MARGIN, help="a slowdown up to this share is none")
    parser.add_argument(
        "--accept", action="store_true", help="store what is there as it is, without comparing"
    )
    chosen, words = parser.parse_known_args()
    bench = Bench(chosen.bench, words)
    try:
        with tempfile.TemporaryDirectory() as place:
            then = chosen.then or (None if chosen.accept else accepted(Path(place)))
            if then is None:
                store([bench.once(chosen.now, ours=True)])
                return limits(bench, 1)
            pairs = interleaved(
                lambda: bench.once(then, ours=False), lambda: bench.once(chosen.now, ours=True), chosen.rounds
            )
    except LlmsweepError as e:
        print(f"bench: {e}", file=sys.stderr)
        return e.exit_code
    found = changes(pairs, margin=chosen.margin)
    print("\n".join(told(found, chosen.margin)))
    new = pairs[-1][1].keys() - {one.name for one in found}
    print(
        "".join(f"not compared, the other side has it not often enough: {name}\n" for name in sorted(new)),
        end="",
    )
    slower = [one for one in found if one.word == "slower"]
    if slower:
        print(f"{len(slower)} slower; what is accepted stays. If that is wanted: make bench BENCH=--accept")
        return 1
    if chosen.then is None:
        store([now for _, now in pairs])
    return limits(bench, len(pairs))


def limits(bench: Bench, rounds: int) -> int:
    """Tests that failed their own limits in every round fail the run; single failures are told."""
    for name, times in bench.failed.items():
        print(f"failed its own limit in {times} of {rounds} rounds: {name}")
    return 1 if any(times == rounds for times in bench.failed.values()) else 0


def accepted(place: Path) -> Path | None:
    """The sources that were accepted last on this machine, unpacked; None, with a sentence, where there are none."""
    path = STORE / f"{environment.machine().id}.json"
    if not path.is_file():
        others = len(list(STORE.glob("*.json")))
        print(
            f"first run on this machine{f'; {others} stored of others, which are not compared' if others else ''}: stored only"
        )
        return None
    commit = json.loads(path.read_text(encoding="utf-8"))["commit"]
    packed = _git("archive", commit, "src", "conf", "tasks")
    if packed is None:
        print(f"the accepted commit {commit} is not in this checkout: nothing to compare with, stored anew")
        return None
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(place, filter="data")
    print(f"comparing with {commit[:12]}, round by round")
    return place / "src"


def store(figures: list[Figures]) -> None:
    """Which code these figures are of, changes that are in no commit included."""
    commit = (_git("stash", "create") or b"").decode().strip() or (
        _git("rev-parse", "HEAD") or b""
    ).decode().strip()
    path = STORE / f"{environment.machine().id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "commit": commit,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": environment.load(),
    }
    path.write_text(json.dumps({"v": 1, **about, "rounds": figures}, indent=1) + "\n", encoding="utf-8")
    print(f"stored: {path.relative_to(ROOT)}")


def _git(*words: str) -> bytes | None:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True)
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
