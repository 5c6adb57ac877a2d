"""What each command predicted and what it then spent, kept beside the log: a prediction is worth what it was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from llmsweep.cli.envelope import bounds_in_words, in_words
from llmsweep.providers.metered import Meter
from llmsweep.sweep.envelope import Envelope, Forecast
from llmsweep.sweep.run import Ended

FILE = "envelope.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One command. ``at``: when it ended, UTC; ``predicted``: None where there was nothing to judge by; ``bounds``: in
    words; ``dollars``: metered, with the date of their prices, None where nothing is paid.
    """

    v: int = 1
    at: str
    predicted: Forecast | None
    bounds: str
    ran: int
    seconds: float
    tokens: int
    faults: int
    owed: int
    why: str
    dollars: float | None = None
    priced: str | None = None

    def in_words(self) -> dict[str, str]:
        from llmsweep.analysis.wording import amount, plural

        paid = "" if self.dollars is None else f", about ${self.dollars:.2f} (prices of {self.priced})"
        faults = f", {plural(self.faults, 'fault')}" if self.faults else ""
        return {
            "at": self.at,
            "predicted": "nothing to judge by" if self.predicted is None else in_words(self.predicted, None),
            "bounds": self.bounds,
            "spent": f"{plural(self.ran, 'episode')}, {self.seconds / 60:.1f} min, {amount(self.tokens)} tokens{paid}{faults}",
            "why": self.why + (f"; {plural(self.owed, 'episode')} owed" if self.owed else ""),
        }


def keep_spent(
    folder: Path, ended: Ended, predicted: Forecast | None, envelope: Envelope, meter: Meter | None
) -> None:
    """Add one entry to envelope.json."""
    entry = Spent(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        predicted=predicted,
        bounds=bounds_in_words(envelope, meter),
        ran=ended.ran,
        seconds=ended.seconds,
        tokens=ended.tokens,
        faults=ended.faults,
        owed=ended.owed,
        why=ended.why or "done",
        dollars=meter.spent if meter else None,
        priced=str(meter.price.date) if meter else None,
    )
    entries = [*recorded(folder), entry]
    path = folder / FILE
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(entries), indent=2) + b"\n")
    temporary.replace(path)


def recorded(folder: Path) -> list[Spent]:
    """Every command's, the oldest first; none where nothing (readable) was recorded."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=list[Spent])
    except (OSError, msgspec.MsgspecError):
        return []
