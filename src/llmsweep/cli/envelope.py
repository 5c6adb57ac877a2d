"""The envelope in words: what a sweep should take, what bounds it, what it took."""

from __future__ import annotations

from collections.abc import Sequence

from llmsweep.cli.progress import say
from llmsweep.providers.metered import Meter
from llmsweep.store import Row
from llmsweep.sweep.envelope import Band, Envelope, Forecast
from llmsweep.sweep.run import Ended


def dollars_a_token(meter: Meter | None, seen: Sequence[Row]) -> float | None:
    """Of the episodes that this command has run so far; None where nothing is paid or nobody counted."""
    tokens = sum(row.tokens or 0 for row in seen)
    return meter.spent / tokens if meter is not None and meter.spent and tokens else None


def in_words(f: Forecast, dollars_a_token: float | None) -> str:
    """A forecast with its bands."""
    minutes = f"{f.minutes.middle:.1f} min ({f.minutes.low:.1f} to {f.minutes.high:.1f})"
    tokens = dollars = ""
    if f.tokens is not None:
        tokens = f" and {_kilo(f.tokens.middle)} tokens ({_kilo(f.tokens.low)} to {_kilo(f.tokens.high)})"
        dollars = "" if dollars_a_token is None else f", {_dollars(f.tokens, dollars_a_token)}"
    return f"{f.episodes} episodes should take {minutes}{tokens}{dollars}, judged by {f.basis} episodes"


def bounds_in_words(envelope: Envelope, meter: Meter | None) -> str:
    bounds = {
        "hours": envelope.hours,
        "tokens": envelope.tokens,
        "episodes": envelope.episodes,
        "dollars": meter.cap if meter else None,
    }
    said = [f"envelope.{name}={value:g}" for name, value in bounds.items() if value is not None]
    if said:
        return f"stops at {', '.join(said)}"
    return f"no bound (envelope.{'dollars' if meter else 'hours'}=N sets one)"


def tell_ended(ended: Ended, predicted: Forecast | None, meter: Meter | None, left: str) -> None:
    """What was run, what it took beside what was predicted, and why it ended where something is ``left``."""
    from llmsweep.analysis.wording import plural  # brings pandas, which is needed only now

    alike = predicted is not None and predicted.episodes == ended.ran
    against = f", predicted {predicted.minutes.middle:.1f}" if predicted and alike else ""
    faults = f", {plural(ended.faults, 'fault')} (not scored)" if ended.faults else ""
    paid = f", about ${meter.spent:.2f} (prices of {meter.price.date})" if meter else ""
    say(
        f"ran {plural(ended.ran, 'episode')} in {ended.seconds / 60:.1f} min{against},"
        f" {_kilo(ended.tokens)} tokens{paid}{faults}"
    )
    if left:
        say(f"stopped: {ended.why}; {left}, the same command goes on", always=True)


def _dollars(tokens: Band, rate: float) -> str:
    return f"${tokens.middle * rate:.2f} (${tokens.low * rate:.2f} to ${tokens.high * rate:.2f})"


def _kilo(tokens: float) -> str:
    for unit, name, digits in ((1e6, "M", 1), (1e3, "k", 0)):
        if tokens >= unit:
            return f"{tokens / unit:.{digits}f}{name}"
    return f"{tokens:.0f}"
