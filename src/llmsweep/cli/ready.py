"""What must hold while a model is asked: no pull, no other sweep, no other model in memory; then it is made ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from llmsweep.cli.frontier import Frontier
from llmsweep.cli.progress import say
from llmsweep.config import ModelConfig
from llmsweep.errors import UnfitError
from llmsweep.local.keepers import is_here, keepers_of, machine_of, serves
from llmsweep.local.lock import holding, sweeping
from llmsweep.local.residency import Guard, alone
from llmsweep.providers.base import Provider
from llmsweep.providers.llamacpp import LlamaCpp

if TYPE_CHECKING:
    from llmsweep.local.fit import Load
    from llmsweep.local.gguf import Shape


class Asked(Protocol):
    """What of a sweep, or of a filter's run, has to do with having its model ready; see `Sweep`."""

    @property
    def model(self) -> ModelConfig: ...
    @property
    def provider(self) -> Provider: ...
    @property
    def frontier(self) -> Frontier | None: ...
    @property
    def slots(self) -> int: ...
    @property
    def exclusive(self) -> bool | None: ...
    @property
    def others(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def fit(self) -> bool: ...


@contextmanager
def ready(sweep: Asked) -> Iterator[Guard]:
    """Enter the sweep's providers on machines of their own. Raises UnfitError for what stands in the way."""
    with ExitStack() as held:
        held.enter_context(sweeping())
        guard = held.enter_context(_alone(sweep))
        if sweep.frontier is not None:
            guard = _beside(sweep, sweep.frontier, guard, held)
        if sweep.fit and isinstance(sweep.provider, LlamaCpp):
            _refuse_unless_fits(sweep.provider)
        elif sweep.fit and _ollama_will_load(sweep, guard):
            _mind_ollama(sweep)
        if sweep.fit and sweep.frontier is not None and isinstance(sweep.frontier.provider, LlamaCpp):
            _refuse_unless_fits(sweep.frontier.provider, sweep.provider)
        held.enter_context(sweep.provider)
        if sweep.frontier is not None:
            held.enter_context(sweep.frontier.provider)
        yield guard


def _beside(sweep: Asked, above: Frontier, guard: Guard, held: ExitStack) -> Guard:
    """Have a machine for the frontier model as well; who watches over the sweep then.

    On the local model's own machine both stay loaded. A server that keeps models by itself cannot promise that: it may
    unload one for the other, or be told to, so it is refused where the machine is to be ours alone.
    """
    address, ours = above.provider.address, sweep.provider.address
    if address is None:
        return guard
    if ours is None:
        return held.enter_context(
            alone(
                address,
                above.model.id,
                exclusive=sweep.exclusive,
                others=sweep.others,
                after=sweep.after,
                say=say,
            )
        )
    if machine_of(ours) != machine_of(address):
        held.enter_context(holding(machine_of(address), shared=True))
        return guard
    if (is_here(address) if sweep.exclusive is None else sweep.exclusive) and (keeper := _keeper(address)):
        raise UnfitError(
            f"policy.frontier={above.model.name} is served by {keeper} on the machine of {sweep.model.name}, where one model"
            " may be unloaded for the other in the middle of an episode; serve it from another machine, or by llama-server"
            " or the embedded llama.cpp, or set host.exclusive=false to accept that."
        )
    if sweep.slots > 1:
        say(
            f"note: {sweep.model.name} and {above.model.name} run on one machine, and up to {sweep.slots} episodes at once:"
            " their seconds are those of a machine that both share; provider.slots=1 has one of them work at a time"
        )
    return guard


def _keeper(address: str) -> str | None:
    """The server at ``address``, where it is one that keeps models by itself."""
    found = keepers_of(address)
    try:
        return next((keeper.name for keeper in found if serves(keeper, address)), None)
    finally:
        for keeper in found:
            keeper.close()


def _alone(sweep: Asked) -> AbstractContextManager[Guard]:
    return alone(
        sweep.provider.address,
        sweep.model.id,
        exclusive=sweep.exclusive,
        others=sweep.others,
        after=sweep.after,
        say=say,
    )


def _refuse_unless_fits(provider: LlamaCpp, beside: Provider | None = None) -> None:
    """Of the embedded llama.cpp. ``beside``: what will be loaded too; where that is another embedded one, it takes its part."""
    from llmsweep.local.fit import footprint, free_memory, refuse_unless_fits

    free = free_memory(vram=provider.uses_gpu())
    if isinstance(beside, LlamaCpp) and beside.uses_gpu() == provider.uses_gpu():
        free = replace(free, bytes=max(0, free.bytes - footprint(*_loaded(beside)).total))
    refuse_unless_fits(*_loaded(provider), free)


def _loaded(provider: LlamaCpp) -> tuple[Shape, Load]:
    from llmsweep.local.fit import Load
    from llmsweep.local.gguf import read_shape

    on_gpu = provider.uses_gpu()
    load = Load(context=provider.context(), slots=provider.slots, kv_type=provider.kv_type, gpu=on_gpu)
    return read_shape(provider.gguf), load


def _ollama_will_load(sweep: Asked, guard: Guard) -> bool:
    provider = sweep.provider
    return provider.name == "ollama" and is_here(provider.address) and not guard.ours()


def _mind_ollama(sweep: Asked) -> None:
    """What Ollama is about to load: with a GPU it would run the rest on the CPU, which is said; without, it would swap."""
    from llmsweep.cli.fit import shape_here
    from llmsweep.local.fit import Load, footprint, free_memory, refuse_unless_fits, verdict
    from llmsweep.local.host import GB
    from llmsweep.local.sources import parse_source

    context = sweep.provider.context()
    if sweep.model.source is None or context is None:
        return
    try:
        shape = shape_here(sweep.model.name, parse_source(sweep.model.source))
    except UnfitError:
        return  # it does not tell enough to be sized
    free = free_memory()
    load = Load(context=context, slots=sweep.provider.slots, gpu=free.of == "VRAM")
    predicted = footprint(shape, load)
    if not load.gpu:
        refuse_unless_fits(shape, load, free)
    elif verdict(predicted, free) != "fits":
        say(
            f"note: {sweep.model.name} would take about {predicted.total / GB:.1f} GB of {free.bytes / GB:.1f} GB of VRAM:"
            " Ollama will run part of it on the CPU, which is slow"
        )
