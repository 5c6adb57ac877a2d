"""The verb `sweep`: a Hydra app that runs what is owed, then says what follows from all that the log holds."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmsweep.cli.help import help_text
from llmsweep.cli.words import usage_error
from llmsweep.config import register
from llmsweep.errors import LlmsweepError
from llmsweep.paths import conf_dir

if TYPE_CHECKING:
    from omegaconf import DictConfig


def run(args: Sequence[str]) -> int:
    """Compose the configuration and run it, once or (-m) once a job; the worst exit code of all jobs."""
    import hydra

    register()
    codes: list[int] = []

    def task(cfg: DictConfig) -> None:
        from llmsweep.cli.session import run_one

        codes.append(run_one(cfg))

    sys.argv = ["llmsweep", *args]
    # Hydra prints its own errors unless this is set; ours are shorter.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        if any(word in ("-h", "--help") for word in args):
            print(help_text([word for word in args if not word.startswith("-")]), end="")
            return 0
        hydra.main(version_base="1.3", config_path=str(conf_dir()), config_name="config")(task)()
    except LlmsweepError:
        raise
    except Exception as e:
        ours = _caused_by_ours(e) or usage_error(e, list(args))
        if ours is None:
            raise
        raise ours from e
    return max(codes, default=0)


def _caused_by_ours(error: BaseException | None) -> LlmsweepError | None:
    while error is not None:
        if isinstance(error, LlmsweepError):
            return error
        error = error.__cause__ or error.__context__
    return None
