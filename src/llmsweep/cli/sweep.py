"""The verb `sweep`: a Hydra app that runs what is owed, then says what follows from all that the log holds."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from llmsweep.cli.axes import replacing
from llmsweep.cli.help import help_text
from llmsweep.cli.suites import plain_words
from llmsweep.cli.words import ours
from llmsweep.config import register
from llmsweep.paths import conf_dir

if TYPE_CHECKING:
    from omegaconf import DictConfig


def run(args: Sequence[str]) -> int:
    """Sweep each model."""
    return each_model(args, _sweep_one)


def each_model(args: Sequence[str], carry_out: Callable[[DictConfig], int]) -> int:
    """Compose the configuration and carry it out, once or (-m) once a job; the worst exit code of all jobs."""
    import hydra

    register()
    words = _flags_first(replacing(plain_words(args)))
    codes: list[int] = []

    def job(cfg: DictConfig) -> None:
        codes.append(_job(cfg, words, carry_out))

    sys.argv = ["llmsweep", *words]
    # Hydra prints its own errors unless this is set; ours are shorter.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        if any(word in ("-h", "--help") for word in words):
            print(help_text([word for word in words if not word.startswith("-")]), end="")
            return 0
        hydra.main(version_base="1.3", config_path=str(conf_dir()), config_name="config")(job)()
    except Exception as e:
        raise ours(e, words) or e from None
    return max(codes, default=0)


def _flags_first(args: Sequence[str]) -> list[str]:
    """The same words with every key=value last: Hydra's parser takes them only in one piece."""
    before = ["", *args]
    settings = [
        word
        for previous, word in zip(before, args, strict=False)
        if word[:1] != "-"
        and ("=" in word or word[:1] in "+~")
        and previous not in ("-sc", "--shell-completion")
    ]
    return [*(word for word in args if word not in settings), *settings]


def _sweep_one(cfg: DictConfig) -> int:
    from llmsweep.cli.session import run_one

    return run_one(cfg)


def _job(cfg: DictConfig, words: list[str], carry_out: Callable[[DictConfig], int]) -> int:
    """One model. An error is told here and not raised: of several models the others still run."""
    try:
        return carry_out(cfg)
    except Exception as e:
        known = ours(e, words)
        if known is None:
            raise
        print(f"llmsweep: {known}", file=sys.stderr)
        return known.exit_code
