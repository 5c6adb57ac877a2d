"""What must hold while a model is asked: no pull, no other sweep, no other model in memory; then it is made ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol

from llmsweep.cli.progress import say
from llmsweep.config import ModelConfig
from llmsweep.errors import UnfitError
from llmsweep.local.keepers import is_here
from llmsweep.local.lock import sweeping
from llmsweep.local.residency import Guard, alone
from llmsweep.providers.base import Provider
from llmsweep.providers.llamacpp import LlamaCpp


class Asked(Protocol):
    """What of a sweep, or of a filter's run, has to do with having its model ready; see `Sweep`."""

    @property
    def model(self) -> ModelConfig: ...
    @property
    def provider(self) -> Provider: ...
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
    """Enter the sweep's provider on a machine of its own. Raises UnfitError for what stands in the way."""
    with ExitStack() as held:
        held.enter_context(sweeping())
        guard = held.enter_context(_alone(sweep))
        if sweep.fit and isinstance(sweep.provider, LlamaCpp):
            _refuse_unless_fits(sweep.provider)
        elif sweep.fit and _ollama_will_load(sweep, guard):
            _mind_ollama(sweep)
        held.enter_context(sweep.provider)
        yield guard


def _alone(sweep: Asked) -> AbstractContextManager[Guard]:
    return alone(
        sweep.provider.address,
        sweep.model.id,
        exclusive=sweep.exclusive,
        others=sweep.others,
        after=sweep.after,
        say=say,
    )


def _refuse_unless_fits(provider: LlamaCpp) -> None:
    """Of the embedded llama.cpp."""
    from llmsweep.local.fit import Load, free_memory, refuse_unless_fits
    from llmsweep.local.gguf import read_shape

    on_gpu = provider.uses_gpu()
    load = Load(context=provider.context(), slots=provider.slots, kv_type=provider.kv_type, gpu=on_gpu)
    refuse_unless_fits(read_shape(provider.gguf), load, free_memory(vram=on_gpu))


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
