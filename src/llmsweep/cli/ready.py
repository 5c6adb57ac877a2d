"""What must hold while a model is asked: no pull, no other sweep, no other model in memory; then it is made ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from llmsweep.cli.build import Sweep
from llmsweep.cli.progress import say
from llmsweep.local.lock import sweeping
from llmsweep.local.residency import Guard, alone
from llmsweep.providers.llamacpp import LlamaCpp


@contextmanager
def ready(sweep: Sweep) -> Iterator[Guard]:
    """Enter the sweep's provider on a machine of its own. Raises UnfitError for what stands in the way."""
    with ExitStack() as held:
        held.enter_context(sweeping())
        guard = held.enter_context(_alone(sweep))
        if sweep.fit and isinstance(sweep.provider, LlamaCpp):
            _refuse_unless_fits(sweep.provider)
        held.enter_context(sweep.provider)
        yield guard


def _alone(sweep: Sweep) -> AbstractContextManager[Guard]:
    return alone(
        sweep.provider.address,
        sweep.model.id,
        exclusive=sweep.exclusive,
        others=sweep.others,
        after=sweep.after,
        say=say,
    )


def _refuse_unless_fits(provider: LlamaCpp) -> None:
    """Of the embedded llama.cpp: other servers load by themselves, and some run what does not fit on the CPU."""
    from llmsweep.local.fit import Load, free_memory, refuse_unless_fits
    from llmsweep.local.gguf import read_shape

    on_gpu = provider.uses_gpu()
    load = Load(context=provider.context(), slots=provider.slots, kv_type=provider.kv_type, gpu=on_gpu)
    refuse_unless_fits(read_shape(provider.gguf), load, free_memory(vram=on_gpu))
