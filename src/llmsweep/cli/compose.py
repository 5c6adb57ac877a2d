"""What a command line would build, for callers that are none: benchmarks in pytest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from llmsweep.cli.build import Sweep, build
from llmsweep.config import register
from llmsweep.paths import conf_dir


def composed(words: Sequence[str], config_dir: Path | None = None) -> Sweep:
    """``words``: key=value; ``config_dir``: a folder of own YAML files. Raises UsageError and UnfitError as `build` does."""
    from hydra import compose, initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra

    from llmsweep.cli.words import ours

    register()
    own = [] if config_dir is None else [f"hydra.searchpath=[file://{config_dir.absolute()}]"]
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(conf_dir()), version_base="1.3"):
            return build(compose("config", [*words, *own]))
    except Exception as e:
        raise ours(e, list(words)) or e from None
