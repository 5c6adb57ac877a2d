"""The report of a filter from its log alone: on the terminal, as filter.csv and report.json, and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from llmsweep.calls import CALLS
from llmsweep.cli.filter_keys import SHORT, worded
from llmsweep.cli.filter_stakes import Money, tariff_of, terms_of
from llmsweep.cli.progress import say
from llmsweep.config import HostConfig, SweepConfig, WakeConfig
from llmsweep.errors import UsageError

PARTS = ("wake", "host", "model", "plots", "seed")
"""What of a run's configuration a report reads."""


def show(args: Sequence[str]) -> int:
    """`filter show DIR [key=value ...]`: nothing is asked."""
    if not args or "=" in args[0]:
        raise UsageError("filter show: say the folder, such as filter show results/wake.")
    folder = _folder(Path(args[0]))
    words = [word for word in worded(args[1:]) if word.partition("=")[0].partition(".")[0] in PARTS]
    for word in args[1:]:
        key = word.partition("=")[0]
        if "=" not in word or (key not in SHORT and key.partition(".")[0] not in PARTS):
            raise UsageError(
                f"{word!r}: filter show takes the keys of wake, host and model.price, such as miss=5."
            )
    path = folder / "config.yaml"
    if not path.is_file():
        raise UsageError(f"{folder}: no config.yaml there; llmsweep filter writes one.")
    kept = cast(DictConfig, OmegaConf.load(path))
    try:
        cfg = OmegaConf.merge(
            OmegaConf.structured(SweepConfig),
            {part: kept[part] for part in PARTS if part in kept},
            OmegaConf.from_dotlist([word.replace("'", "") for word in words]),
        )
    except OmegaConfBaseException as e:
        raise UsageError(f"filter show {' '.join(args[1:])}: {str(e).splitlines()[0]}") from e
    return report(folder, cast(DictConfig, cfg), write=False)


def report(folder: Path, cfg: DictConfig, *, write: bool) -> int:
    """Print it; ``write``: keep it beside the log too."""
    from llmsweep.analysis.wake.report import Wanted, read_report
    from llmsweep.cli.filter_words import print_report

    money = _money(cfg)
    tariff, notes = tariff_of(money)
    wanted = Wanted(
        terms=terms_of(money.wake),
        tariff=tariff,
        required=money.wake.recall,
        by=money.wake.by,
        seed=cfg.seed,
    )
    found = read_report(folder, wanted)
    print_report(found, notes)
    if write:
        _write(folder, found, plots=cfg.plots)
    return 0


def _write(folder: Path, found: object, *, plots: bool) -> None:
    from llmsweep.analysis.wake.report import Report
    from llmsweep.analysis.wake.tables import as_json, curve_table

    assert isinstance(found, Report)
    curve_table(found).to_csv(folder / "filter.csv", index=False)
    (folder / "report.json").write_bytes(as_json(found))
    written = ["filter.csv", "report.json"]
    if plots:
        from llmsweep.analysis.plots.wake import plot_wake

        figure = plot_wake(found)
        for ending, metadata in (("png", {}), ("svg", {"Date": None})):
            figure.savefig(folder / f"wake.{ending}", dpi=150, metadata=metadata)
        written.append("wake.png")
    say(f"written: {', '.join(str(folder / name) for name in written)}")


def _folder(path: Path) -> Path:
    """The one model's folder at or below ``path``. Raises UsageError."""
    if (path / CALLS).is_file():
        return path
    found = sorted(one.parent for one in path.glob(f"*/{CALLS}"))
    if not found:
        raise UsageError(
            f"{path}: no call log ({CALLS}) there or one folder below; llmsweep filter writes one."
        )
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise UsageError(f"{path}: it has several models ({names}); name the folder of one.")
    return found[0]


def _money(cfg: DictConfig) -> Money:
    """What of the configuration a report needs: a log can be read where its model's weights are not."""
    return Money(
        wake=cast(WakeConfig, OmegaConf.to_object(cfg.wake)),
        host=cast(HostConfig, OmegaConf.to_object(cfg.host)),
        price=cfg.model.price,
    )
