"""One model's sweep from the composed configuration to the printed recommendation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from omegaconf import DictConfig, OmegaConf

from llmsweep import environment, manifest
from llmsweep.agent.loop import Above, run_episode, unscored
from llmsweep.analysis.wording import belief, plural
from llmsweep.cli.build import Sweep, build
from llmsweep.cli.envelope import bounds_in_words, dollars_a_token, in_words, tell_ended
from llmsweep.cli.envelope_kept import keep_spent
from llmsweep.cli.progress import Progress, Shown, be_quiet, say
from llmsweep.cli.proof import prove
from llmsweep.cli.ready import ready
from llmsweep.cli.speed import tell_speed
from llmsweep.cli.study import goal, keep_study, scope, stage
from llmsweep.errors import UnfitError, UsageError
from llmsweep.local.energy import EnergyCounter, energy_counter
from llmsweep.local.keepers import is_here
from llmsweep.local.residency import Guard
from llmsweep.store import SNAPSHOTS, EpisodeLog, Row, find_logs
from llmsweep.sweep.envelope import Forecast, forecast
from llmsweep.sweep.run import Ended, Runner, run_sweep, smoke
from llmsweep.types import Episode, EpisodeSpec

GRADED = 300
"""Kept workspaces that the end of a sweep may grade for the recommended budgets: well under a minute in most suites."""


def run_one(cfg: DictConfig) -> int:
    """Run what is owed, then conclude from all that the log holds. The exit code."""
    sweep = build(cfg)
    be_quiet(sweep.quiet)
    if cfg.policy.name == "filtered":
        from llmsweep.cli.filtered import run_filtered

        return run_filtered(sweep, cfg, keep_running)
    for note in sweep.notes:
        say(f"note: {note}")
    keep_running(sweep, cfg)
    return _conclude(sweep)


def keep_running(sweep: Sweep, cfg: DictConfig) -> None:
    """Run what the log lacks of the sweep, and keep beside the log what it was about."""
    with EpisodeLog(sweep.folder) as log:
        _refuse_other_machine(sweep, log)
        OmegaConf.save(cfg, sweep.folder / "config.yaml", resolve=False)
        owed = len(sweep.strategy.next(log.table))  # before the manifest: a search learns its cells by it
        manifest.write(sweep.folder, sweep.manifest().with_owed(owed))
        _run_owed(sweep, log)


def _run_owed(sweep: Sweep, log: EpisodeLog) -> None:
    """Run the episodes that the log lacks."""
    owed = len(sweep.strategy.next(log.table))
    tasks = plural(len(sweep.suite.tasks), "task")
    if log.damaged:
        say(f"note: {log.damaged} damaged lines in the log are passed over; their episodes are owed again")
    if not owed:
        say(f"{sweep.model.name}: nothing to run; every episode of this sweep is in {sweep.folder}")
        return
    kept = f", {len(log.table)} in the log already" if log.table else ""
    say(
        f"{sweep.model.name} on {sweep.suite.name}: {scope(sweep)} x {tasks},"
        f" strategy {sweep.strategy.name}: {plural(owed, 'episode')}{goal(sweep) or ' owed'}{kept}"
    )
    sweep.sandbox.check()
    try:
        with ready(sweep) as guard, _runner(sweep, guard) as runner:
            environment.record(sweep.folder, _facts(sweep))
            sweep = prove(sweep)
            if not (owed := len(sweep.strategy.next(log.table))):
                say(f"{sweep.model.name}: nothing else to run")
                _keep(sweep, log, owed)
                return
            predicted = _size(sweep, log, runner, owed)
            strategy = sweep.strategy
            shown = Shown(
                baseline=sweep.baseline, cells=strategy.cells, fixed=strategy.fixed, quiet=sweep.quiet
            )
            with Progress(shown, lambda: strategy.standing(log.table), lambda: stage(sweep, log)) as progress:
                ended = run_sweep(strategy, log, runner, sweep.envelope, progress)
    except KeyboardInterrupt:
        say(
            f"interrupted: {len(log.table)} episodes are kept in {sweep.folder}; the same command goes on",
            always=True,
        )
        raise
    _keep(sweep, log, ended.owed)
    keep_spent(sweep.folder, ended, predicted, sweep.envelope, sweep.meter)
    tell_ended(ended, predicted, sweep.meter, _left(sweep, log, ended))
    tell_speed(sweep)
    if guard.why is not None:
        raise UnfitError(f"{guard.why}; the episodes that it may have touched are not scored and stay owed")


def _keep(sweep: Sweep, log: EpisodeLog, owed: int) -> None:
    """What this sweep was about, and the study of a search: by the strategy that ran, without what the probe refused."""
    manifest.write(sweep.folder, sweep.manifest().with_owed(owed))
    keep_study(sweep, log)


def _left(sweep: Sweep, log: EpisodeLog, ended: Ended) -> str:
    """What was left to run, in words; empty where nothing was."""
    if not ended.owed:
        return ""
    if sweep.strategy.fixed:
        return f"{plural(ended.owed, 'episode')} still owed"
    found = sweep.strategy.standing(log.table)
    if found is None:
        return f"{plural(ended.owed, 'episode')} of the next batch still owed"
    if (needed := found.episodes_needed()) is None:
        more = "no number of episodes in reach would settle it"
    else:
        more = f"about {max(needed, ended.owed):,} more episodes should settle it"
    return f"the choice is believed right at {belief(found.belief)}, {more}"


@contextmanager
def _runner(sweep: Sweep, guard: Guard) -> Iterator[Runner]:
    """How this sweep's episodes are run: on an executor as wide as the provider's slots."""
    snapshots = sweep.folder / SNAPSHOTS if sweep.snapshots else None
    machine, version = environment.machine().id, environment.versions().get("llmsweep", "")
    slots, frontier = sweep.slots, sweep.frontier
    above = None
    if frontier is not None:
        above = Above(policy=frontier.policy, make_provider=lambda: frontier.provider)
    # The GPUs count for all streams and sweeps together: what one of several took is not known, and is not guessed.
    alone = slots == 1 and sweep.exclusive is not False and is_here(sweep.provider.address)
    counter = energy_counter() if alone else EnergyCounter()

    def run(spec: EpisodeSpec) -> Episode:
        load = environment.load()
        with counter.measure() as energy:
            episode = run_episode(
                spec, lambda: sweep.provider, lambda task: sweep.sandbox.open(task, snapshots), above
            )
        if (why := guard.disturbed()) is not None:
            episode = unscored(episode, why)
        joules = energy.joules
        return replace(episode, machine=machine, load=load, joules=joules, version=version, concurrency=slots)

    def abort() -> None:
        sweep.provider.abort()
        if frontier is not None:
            frontier.provider.abort()
        sweep.sandbox.abort()

    executor = sweep.executor(max_workers=slots)
    try:
        yield Runner(
            run=run, executor=executor, slots=slots, abort=abort, spent=lambda: guard.why or sweep.spent()
        )
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _size(sweep: Sweep, log: EpisodeLog, runner: Runner, owed: int) -> Forecast | None:
    """Say what the owed episodes will take, from those in the log or else from a smoke that never counts."""
    seen: list[Row] = list(log.table.values())[-200:]
    if len(seen) < sweep.smoke and sweep.smoke:
        with EpisodeLog(sweep.folder / "smoke") as apart:
            smoke(sweep.strategy, apart, runner, sweep.smoke)
            seen = list(apart.table.values())
    predicted = forecast(owed, seen, runner.slots)
    if predicted is not None:
        rate = dollars_a_token(sweep.meter, seen)
        say(f"envelope: {in_words(predicted, rate)}; {bounds_in_words(sweep.envelope, sweep.meter)}")
    return predicted


def _facts(sweep: Sweep) -> dict[str, object]:
    above = sweep.frontier
    served = {}
    if above is not None:
        served = {
            "frontier": above.model.name,
            "frontier_revision": above.cell.revision,
            "frontier_context": above.cell.context,
            "frontier_provider": above.provider.name,
            "frontier_server": getattr(above.provider, "server", None),
        }
    return {
        "model": sweep.model.name,
        "revision": sweep.baseline.revision,
        "context": sweep.baseline.context,
        "provider": sweep.provider.name,
        "server": getattr(sweep.provider, "server", None),
        "slots": sweep.slots,
        **served,
        "sandbox": sweep.sandbox.name,
        "suite": f"{sweep.suite.name} {sweep.suite.card.version} {sweep.suite.digest[:12]}",
    }


def _refuse_other_machine(sweep: Sweep, log: EpisodeLog) -> None:
    """Seconds and TTFT of two machines in one table would compare machines, not cells."""
    others = log.machines - {environment.machine().id}
    if others:
        raise UsageError(
            f"results={sweep.results}: its episodes were measured on another machine ({', '.join(sorted(others))});"
            " choose another results=DIR for this one."
        )


def _conclude(sweep: Sweep) -> int:
    from llmsweep.cli.results import conclude

    find_logs(sweep.folder)
    return conclude(sweep.folder, write=True, plots=sweep.plots, report=sweep.report, grade=GRADED)
