"""What must hold while a model is asked: no pull, no other sweep, no other model in memory; then it is made ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llmsweep.cli.build import Sweep
from llmsweep.cli.progress import say
from llmsweep.local.lock import sweeping
from llmsweep.local.residency import Guard, alone


@contextmanager
def ready(sweep: Sweep) -> Iterator[Guard]:
    """Enter the sweep's provider on a machine of its own. Raises UnfitError for what stands in the way."""
    with (
        sweeping(),
        alone(
            sweep.provider.address,
            sweep.model.id,
            exclusive=sweep.exclusive,
            others=sweep.others,
            say=say,
        ) as guard,
        sweep.provider,
    ):
        yield guard
