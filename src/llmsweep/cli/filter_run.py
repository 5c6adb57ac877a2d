"""One model's calls from the composed configuration to the printed report."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Self

from omegaconf import DictConfig, OmegaConf
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from llmsweep import environment
from llmsweep.calls import Call, CallLog, write_about
from llmsweep.cli.filter_build import FilterRun, build_filter
from llmsweep.cli.progress import PLAIN_EVERY_S, be_quiet, say
from llmsweep.cli.ready import ready
from llmsweep.errors import UnfitError, UsageError
from llmsweep.local.residency import Guard
from llmsweep.wake.ask import CallSpec, ask
from llmsweep.wake.run import Asking, owed, run_calls


def run_one(cfg: DictConfig) -> int:
    """Make the calls that are owed, then report from all that the log holds. The exit code."""
    run = build_filter(cfg)
    be_quiet(run.quiet)
    for note in run.notes:
        say(f"note: {note}")
    with CallLog(run.folder) as log:
        if others := log.machines - {environment.machine().id}:
            raise UsageError(
                f"results={run.results}: its calls were measured on another machine ({', '.join(sorted(others))});"
                " choose another results=DIR for this one."
            )
        OmegaConf.save(cfg, run.folder / "config.yaml", resolve=False)
        write_about(run.folder, run.about())
        ask_owed(run, log, run.specs)
    from llmsweep.cli.filter_show import report

    return report(run.folder, cfg, write=True)


def ask_owed(run: FilterRun, log: CallLog, specs: Sequence[CallSpec]) -> None:
    """Make those calls that the log lacks."""
    left = owed(specs, log, run.seed)
    if log.damaged:
        say(f"note: {log.damaged} damaged lines in the log are passed over; their calls are owed again")
    if not left:
        say(f"{run.model.name}: nothing to run; every call of this filter is in {run.folder}")
        return
    kept = f", {len(log.done)} in the log already" if log.done else ""
    cells = len({spec.cell for spec in specs})
    say(
        f"{run.model.name} as wake filter on {len({s.trigger.id for s in specs})} triggers of {run.corpus.source},"
        f" {cells} {'cell' if cells == 1 else 'cells'}: {len(left)} calls owed{kept}"
    )
    try:
        with ready(run) as guard, _asking(run, guard) as asking:
            environment.record(run.folder, _facts(run))
            with Watched(len(left), run.quiet) as watch:
                ended = run_calls(left, log, asking, run.envelope, watch.call)
    except KeyboardInterrupt:
        say(
            f"interrupted: {len(log.done)} calls are kept in {run.folder}; the same command goes on",
            always=True,
        )
        raise
    faults = f", {ended.faults} faults (not scored)" if ended.faults else ""
    paid = f", about ${run.meter.spent:.4f} (prices of {run.meter.price.date})" if run.meter else ""
    say(f"ran {ended.ran} calls in {ended.seconds / 60:.1f} min, {ended.tokens:,} tokens{paid}{faults}")
    if ended.owed:
        say(f"stopped: {ended.why}; {ended.owed} calls still owed, the same command goes on", always=True)
    if guard.why is not None:
        raise UnfitError(f"{guard.why}; the calls that it may have touched are not scored and stay owed")


@contextmanager
def _asking(run: FilterRun, guard: Guard) -> Iterator[Asking]:
    machine, version = environment.machine().id, environment.versions().get("llmsweep", "")
    slots = run.provider.slots

    def one(spec: CallSpec) -> Call:
        load = environment.load()
        call = ask(spec, run.provider)
        if call.fault is None and (why := guard.disturbed()) is not None:
            call = replace(call, verdict=None, score=None, fault="provider", error=why)
        return replace(call, machine=machine, load=load, version=version, concurrency=slots)

    executor = run.executor(max_workers=slots)
    try:
        yield Asking(
            run=one,
            executor=executor,
            slots=slots,
            abort=run.provider.abort,
            spent=lambda: guard.why or run.spent(),
        )
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _facts(run: FilterRun) -> dict[str, object]:
    return {
        "model": run.model.name,
        "revision": run.baseline.revision,
        "context": run.baseline.context,
        "provider": run.provider.name,
        "server": getattr(run.provider, "server", None),
        "slots": run.provider.slots,
        "triggers": run.corpus.source,
    }


class Watched:
    """What a user sees meanwhile: a bar on a terminal, a line now and then where it is piped."""

    def __init__(self, calls: int, quiet: bool) -> None:
        console = Console(stderr=True)
        self._live, self._quiet, self._calls = console.is_terminal and not quiet, quiet, calls
        self._done = self._faults = self._neither = 0
        self._said = time.monotonic()
        self._bar = Bar(
            TextColumn("calls"),
            BarColumn(bar_width=None),
            TextColumn("{task.completed}/{task.total}{task.fields[beside]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("calls", total=calls, beside="")

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._bar.stop()
        elif not self._quiet and self._done:
            self._line()

    def call(self, call: Call) -> None:
        self._done += 1
        self._faults += call.verdict is None
        self._neither += call.verdict == "neither"
        self._bar.update(self._task, completed=self._done, beside=self._beside())
        if not self._live and not self._quiet and time.monotonic() - self._said > PLAIN_EVERY_S:
            self._line()

    def _line(self) -> None:
        self._said = time.monotonic()
        say(f"{self._done}/{self._calls} calls{self._beside()}")

    def _beside(self) -> str:
        named = {"neither": self._neither, "faults": self._faults}
        return "".join(f", {count} {name}" for name, count in named.items() if count)
