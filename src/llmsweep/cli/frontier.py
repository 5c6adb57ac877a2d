"""policy=tiered: the frontier model by its name, with a provider and a baseline of its own, and what hands over to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, cast, get_args

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from llmsweep.agent.handing_over import words_digest
from llmsweep.agent.protocols import harness_digest
from llmsweep.agent.radius import check_radius
from llmsweep.cli.serving import bind_weights, cell_of, check_baseline, refusals
from llmsweep.cli.words import ours
from llmsweep.config import BaselineConfig, ModelConfig, PolicyConfig, SweepConfig
from llmsweep.errors import UsageError, nearest
from llmsweep.paths import conf_dir
from llmsweep.policy import HandoffKind, Radius, Tiered, Trigger
from llmsweep.providers.base import Provider
from llmsweep.types import Cell, digest

POLICIES = ("alone", "tiered", "filtered")
OF_FILTERED = ("filter", "against")
STOPS: tuple[Trigger, ...] = ("looping", "malformed", "gave_up", "context", "turns", "tokens", "seconds")
"""Ends of the local model's work that can hand over."""
PARTS = ("model", "provider", "baseline")
_KEYS = re.compile(r"(?<![\w.])(model|provider|baseline)\.(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The model that takes over. ``cap``: dollars that its own file bounds a sweep by; ``settings``: digest of how its
    provider is configured; ``probe``: whether there is anything to prove of it.
    """

    model: ModelConfig
    provider: Provider
    policy: Tiered
    cap: float | None
    settings: str
    probe: bool

    @property
    def cell(self) -> Cell:
        return self.policy.frontier


def frontier_of(cfg: DictConfig, plain: SweepConfig) -> Frontier | None:
    """None where the model works alone. Raises UsageError for words that mean nothing, UnfitError for what is not here."""
    policy = plain.policy
    if policy.name not in POLICIES:
        raise UsageError(
            f"policy.name={policy.name}: there is no such policy; {nearest(policy.name, POLICIES)}"
        )
    if policy.name != "tiered":
        _refuse_stray(policy, OF_FILTERED if policy.name == "filtered" else ())
        return None
    for name in OF_FILTERED:
        if getattr(policy, name) != getattr(PolicyConfig(), name):
            raise UsageError(f"policy.{name}: only policy=filtered has it.")
    radius = _check(policy)
    theirs = _composed(policy, cfg)
    try:
        return _built(theirs, policy, radius)
    except Exception as e:
        if (known := ours(e, [])) is None:
            raise
        named = _KEYS.sub(r"policy.frontier_\1.", str(known))
        raise type(known)(f"policy.frontier={policy.frontier}: {named}") from e
    finally:
        bind_weights(cfg)


def _built(theirs: DictConfig, policy: PolicyConfig, radius: Radius) -> Frontier:
    bind_weights(theirs)
    plain = cast(SweepConfig, OmegaConf.to_object(theirs))
    check_baseline(plain.baseline)
    provider: Provider = instantiate(theirs.provider)
    cell = cell_of(plain, provider)
    harness = harness_digest(cell.protocol, cell.prompt)
    if (why := refusals(plain.model, provider)(cell)) is not None:
        raise UsageError(f"{why.rstrip('.')}; change policy.frontier_baseline.")
    return Frontier(
        model=plain.model,
        provider=provider,
        policy=Tiered(
            frontier=cell,
            harness=harness,
            words=words_digest(),
            handoff=cast(HandoffKind, policy.handoff),
            ask=policy.ask,
            tries=policy.tries,
            stops=tuple(cast("list[Trigger]", policy.stops)),
            radius=radius,
        ),
        cap=plain.envelope.dollars,
        settings=digest(OmegaConf.to_yaml(theirs.provider, resolve=True)),
        probe=plain.probe,
    )


def harness_of(cell: Cell, policy: Tiered | None) -> str:
    """Digest of all that the harness says to a model in this cell, and of the policy that the model works under."""
    alone = harness_digest(cell.protocol, cell.prompt)
    return alone if policy is None else digest([alone, policy.digest])


def notes_of(frontier: Frontier | None, checks: int, tasks: int) -> list[str]:
    """What the user should hear first. ``checks``: tasks that have a visible check."""
    if frontier is None:
        return []
    policy, cell = frontier.policy, frontier.cell
    said = []
    if policy.tries is not None and checks < tasks:
        said.append(f"policy.tries: {tasks - checks} of {tasks} tasks have no visible check that could fail")
    if not policy.ask and policy.tries is None and not policy.stops and policy.radius == Radius():
        said.append("policy=tiered: nothing is set that would hand over (policy.ask, tries, stops, radius)")
    budget = cell.budget
    said.append(
        f"policy=tiered: {cell.model} takes over with {policy.handoff}, protocol {cell.protocol}, up to {budget.turns} turns of"
        " its own"
    )
    return said


def _refuse_stray(policy: PolicyConfig, own: Sequence[str]) -> None:
    """Settings of a policy that is not chosen would be passed over. ``own``: those of the one that is."""
    plain = PolicyConfig()
    for f in fields(PolicyConfig):
        if f.name not in ("name", *own) and getattr(policy, f.name) != getattr(plain, f.name):
            wanted = (
                "policy=filtered to have a wake filter"
                if f.name in OF_FILTERED
                else "policy=tiered to have a frontier model"
            )
            raise UsageError(f"policy.{f.name}: the model works alone; say {wanted}.")


def _check(policy: PolicyConfig) -> Radius:
    if policy.frontier is None:
        known = ", ".join(sorted(path.stem for path in (conf_dir() / "model").glob("*.yaml")))
        raise UsageError(
            f"policy.frontier is missing: say which model takes over, for example policy.frontier=claude-haiku. Known: {known}."
        )
    kinds = get_args(HandoffKind)
    if policy.handoff not in kinds:
        raise UsageError(
            f"policy.handoff={policy.handoff}: there is no such kind; {nearest(policy.handoff, kinds)}"
        )
    if policy.tries is not None and policy.tries < 1:
        raise UsageError(f"policy.tries={policy.tries}: it must be 1 or more, or null for never.")
    for stop in policy.stops:
        if stop not in STOPS:
            raise UsageError(f"policy.stops: {stop} is no end that could hand over; {nearest(stop, STOPS)}")
    said = policy.radius
    radius = Radius(commands=tuple(said.commands), paths=tuple(said.paths), outside=said.outside)
    check_radius(radius)
    return radius


def _composed(policy: PolicyConfig, cfg: DictConfig) -> DictConfig:
    """What a sweep of the frontier model itself would compose to, with the settings that the policy changes."""
    words = [f"model={policy.frontier}"]
    settings = {part: dict(getattr(policy, f"frontier_{part}")) for part in PARTS}
    if (file := settings["provider"].pop("file", None)) is not None:
        words.append(f"provider={file}")
    try:
        theirs = _compose(words)
    except Exception as e:
        known = ours(e, words)
        if known is None:
            raise
        raise UsageError(f"policy.frontier={policy.frontier}: {known}") from e
    theirs.seed = cfg.seed
    for part, changes in settings.items():
        for key, value in changes.items():
            _set(theirs, part, key, value)
    return theirs


def _compose(words: list[str]) -> DictConfig:
    """Within a command the same folders count as for the command itself."""
    if GlobalHydra.instance().is_initialized():
        return compose("config", words)
    with initialize_config_dir(str(conf_dir()), version_base="1.3"):
        return compose("config", words)


def _set(theirs: DictConfig, part: str, key: str, value: Any) -> None:
    """One setting over the model's own. Raises UsageError for one that does not exist or is of another type."""
    shown = f"policy.frontier_{part}.{key}"
    known = [str(name) for name in theirs[part] if not str(name).startswith("_")]
    if part == "baseline":
        known = [f.name for f in fields(BaselineConfig)]
    if key not in known:
        raise UsageError(f"{shown}: there is no such key; {nearest(key, known)}")
    try:
        OmegaConf.update(theirs, f"{part}.{key}", value, merge=True)
    except OmegaConfBaseException as e:
        raise UsageError(f"{shown}={value}: {str(e).splitlines()[0].rstrip('.')}.") from None
