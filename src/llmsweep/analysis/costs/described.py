"""What figures of money rest on, in lines to read: each side with its basis, the machine, the people."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from llmsweep.analysis.costs.attempts import Attempts
from llmsweep.analysis.costs.handling import Handling, tolerable_wrong
from llmsweep.analysis.costs.machine import Machine
from llmsweep.analysis.costs.money import Basis
from llmsweep.analysis.costs.scene import Joint, Scene
from llmsweep.analysis.costs.verdict import count, dollars
from llmsweep.analysis.stats import rate_interval
from llmsweep.analysis.wording import amount, percent, plural


def side_line(side: str, attempts: Attempts, scene: Scene, why: str) -> str:
    """Its cell and why it is this one, how much it solves, what its money rests on."""
    shown = scene.local if side == "local" else scene.cloud
    rate, (low, high) = float(shown.solved[0]), _rate(attempts)
    line = (
        f"{side}: {attempts.model}, {next(iter(attempts.cells.values()))} ({why}), {plural(len(attempts.solved), 'attempt')};"
        f" passes {100 * rate:.1f} % (95 %: {100 * low:.0f} to {100 * high:.0f})"
    )
    if side == "local":
        machine = scene.machine
        return f"{line}; basis {Basis.LOCAL}{dated(*machine.said)}"
    return f"{line}; {dollars(float(shown.dollars[0]))} an attempt, basis {attempts.basis}{dated(attempts.date, attempts.source)}"


def dated(date: str, source: str) -> str:
    """The end of a sentence that names a basis."""
    said = ", ".join(word for word in (f"prices of {date}" if date else "", source) if word)
    return f", {said}" if said else ""


def _rate(attempts: Attempts) -> tuple[float, float]:
    """The 95 % interval of its pass rate, over its tasks."""
    _, task = np.unique(attempts.task, return_inverse=True)
    passes = np.bincount(task, attempts.solved).round().astype(np.int64)
    found = rate_interval(passes, np.bincount(task))
    return found.low, found.high


def machine_lines(local: Attempts, scene: Scene) -> Iterator[str]:
    """Its month and what it is made of; an attempt's seconds; how many fit."""
    machine, seconds = scene.machine, float(scene.local.seconds[0])
    yield f"host {machine.name}: {dollars(machine.fixed_month)} a month ({_month(machine)})"
    joules = float(scene.local.joules[0])
    energy = "measured" if scene.metered else "by its watts"
    yield (
        f"an attempt takes {amount(seconds)} s of it{_clocks(local, machine)}, adds {amount(joules)} J ({energy}),"
        f" {dollars(float(scene.marginal[0]))}; {count(float(scene.capacity[0]))} fit a month"
    )


def _month(machine: Machine) -> str:
    parts = {
        f"for {machine.years:g} years with {percent(machine.residual)} left": machine.capital_month,
        f"for rent of {machine.hours_month:g} h": machine.rent_month,
        f"for idling at {machine.idle_watts:g} W and {dollars(machine.kwh_dollars)} a kWh": machine.idle_month,
        f"for upkeep of {machine.upkeep_hours:g} h": machine.upkeep_month,
    }
    named = [f"{dollars(value)} {name}" for name, value in parts.items() if value > 0]
    share = f", of it {percent(machine.part)}" if machine.part < 1 else ""
    return f"{machine.mode}{share}: {', '.join(named) or 'nothing'}"


def _clocks(local: Attempts, machine: Machine) -> str:
    if machine.prefill_tokens_s is not None:
        return f" by its rates, {machine.prefill_tokens_s:g} and {machine.decode_tokens_s:g} tokens/s"
    if np.isnan(local.clocks).any():
        return " as stated"
    load, read, written = (float(part) for part in local.clocks.mean(axis=0))
    loads = f"loading {amount(load)}, " if load > 0 else ""
    return f" as measured ({loads}reading {amount(read)}, writing {amount(written)})"


def people_line(handling: Handling) -> str:
    verifier = (
        "an oracle accepts"
        if (handling.accept_right, handling.accept_wrong) == (1.0, 0.0)
        else f"the verifier accepts {percent(handling.accept_right)} of right and {percent(handling.accept_wrong)} of wrong attempts"
    )
    damage = f", {dollars(handling.harm)} a wrong one that was accepted" if handling.accept_wrong else ""
    check = f", {dollars(handling.verifier)} a check" if handling.verifier else ""
    return f"people: {dollars(handling.review)} a review, {dollars(handling.fix)} a fix{damage}{check}; {verifier}"


def joint_line(joint: Joint, scene: Scene) -> str:
    """What each side solves that the other does not, and what a verifier between them may get wrong; h*."""
    allowed = tolerable_wrong(joint.rescued, joint.lost)
    most = "any" if math.isinf(allowed) else percent(min(1.0, allowed))
    break_even = scene.handling.fix_break_even(
        (float(scene.marginal[0]), float(scene.local.solved[0])),
        (float(scene.cloud.dollars[0]), float(scene.cloud.solved[0])),
    )
    even = "none" if break_even is None else dollars(break_even)
    return (
        f"Joint: local alone solves {percent(joint.rescued)} of the tasks, the cloud alone {percent(joint.lost)}; a* {most} of"
        f" wrong local results may pass a verifier before local first, then cloud, solves less than the cloud. h* {even},"
        " the machine's month left out."
    )
