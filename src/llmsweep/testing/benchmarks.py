"""A pytest plugin: how fast a configured model answers, as a benchmark that pytest-benchmark stores and compares.

Write `pytest_plugins = ["llmsweep.testing.benchmarks"]` in the top conftest.py or the test module. It is no entry point,
since that would load in every run of pytest wherever llmsweep is installed.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from llmsweep import environment
from llmsweep.errors import UnfitError
from llmsweep.types import Completion, Message, Sampling

if TYPE_CHECKING:
    from llmsweep.cli.build import Sweep
    from llmsweep.providers.base import Provider

PROMPTS = (
    "Write a Python function that returns the sum of a list of numbers.",
    "Here is a module.\n\n"
    + "\n".join(f"def step_{n}(value):\n    return value * {n} + {n % 7}\n" for n in range(20))
    + "\nWrite one sentence about what these functions have in common.",
)
"""A short one, whose time is nearly all decoding, and one of about 500 tokens, which has to be read first."""
MAX_TOKENS = 48
COMPARED = "compared"
"""The key of extra_info whose figures a comparison of runs takes instead of wall seconds; more is worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Medians over completions of a warm model; None is not reported. ``ttft_s``: to the first piece of any kind;
    ``prefill_tokens_s``: uncached input read, ``decode_tokens_s``: output written, of one stream; ``load_s``: until a
    cold model answered; ``revision``: which weights.
    """

    model: str
    revision: str
    ttft_s: float | None
    prefill_tokens_s: float | None
    decode_tokens_s: float | None
    load_s: float | None
    completions: int


ModelSpeed = Callable[..., Speed]
"""`model_speed(NAME, *WORDS, rounds=5, prompts=PROMPTS, max_tokens=48, config_dir=None)`."""


@pytest.fixture
def model_speed(benchmark: Any) -> ModelSpeed:
    """A function that measures the model of a `conf/model/NAME.yaml`, as the command line would load it.

    WORDS are `key=value` as on the command line; ``config_dir`` is a folder of own YAML files. It warms the model, then
    runs ``rounds`` rounds over the prompts, each prompt with a beginning of its own, so that no cache has read it. A model
    that is not on this machine skips the test, saying how to get it.
    """

    def measure(
        name: str,
        *words: str,
        rounds: int = 5,
        prompts: Sequence[str] = PROMPTS,
        max_tokens: int = MAX_TOKENS,
        config_dir: Path | None = None,
    ) -> Speed:
        try:
            with _warm(name, words, config_dir) as (sweep, load_s):
                asked = replace(sweep.baseline.sampling, temperature=0.0, max_tokens=max_tokens)
                done: list[list[Completion]] = []
                benchmark.pedantic(
                    lambda: done.append(_round(sweep.provider, asked, prompts, len(done))),
                    rounds=rounds,
                    warmup_rounds=1,
                )
        except UnfitError as e:
            pytest.skip(str(e))
        found = _speed(sweep, done[1:], load_s)  # the first round warmed
        benchmark.extra_info.update(
            asdict(found), machine=asdict(environment.machine()), prompts=len(prompts)
        )
        benchmark.extra_info[COMPARED] = _compared(found)
        return found

    return measure


@pytest.hookimpl(optionalhook=True)  # so that a run without pytest-benchmark does not stumble over it
def pytest_benchmark_update_machine_info(config: object, machine_info: dict[str, Any]) -> None:
    """The name by which runs of one machine are told from those of another."""
    machine_info["llmsweep_machine"] = environment.machine().id


@contextmanager
def _warm(name: str, words: Sequence[str], config_dir: Path | None) -> Iterator[tuple[Sweep, float | None]]:
    """The model, ready and alone on its machine, and the seconds that loading took."""
    from llmsweep.cli.compose import composed
    from llmsweep.cli.ready import ready

    sweep = composed([f"model={name}", "probe=false", *words], config_dir)
    with ready(sweep):
        first = sweep.provider.complete(_messages(PROMPTS[0], "warm"), (), sweep.baseline.sampling)
        yield sweep, getattr(sweep.provider, "load_s", None) or first.load_s


def _round(provider: Provider, sampling: Sampling, prompts: Sequence[str], number: int) -> list[Completion]:
    return [
        provider.complete(_messages(prompt, f"{number}.{place}"), (), sampling)
        for place, prompt in enumerate(prompts)
    ]


def _messages(prompt: str, mark: str) -> tuple[Message, ...]:
    return (Message(role="user", content=f"Request {mark}. {prompt}"),)


def _speed(sweep: Sweep, rounds: Sequence[Sequence[Completion]], load_s: float | None) -> Speed:
    every = [one for done in rounds for one in done]
    return Speed(
        model=sweep.model.name,
        revision=sweep.baseline.revision,
        ttft_s=_median([one.ttft_s for one in every]),
        prefill_tokens_s=_median([_prefill(one) for one in every]),
        decode_tokens_s=_median([_decode(one) for one in every]),
        load_s=load_s,
        completions=len(every),
    )


def _prefill(one: Completion) -> float | None:
    read = one.usage.input_tokens
    fresh = None if read is None else read - (one.usage.cached_tokens or 0)
    return fresh / one.prefill_s if fresh and one.prefill_s else None


def _decode(one: Completion) -> float | None:
    """By the server's own clock, else from the first piece to the end."""
    took = one.decode_s or (None if one.ttft_s is None else one.duration_s - one.ttft_s)
    made = one.usage.output_tokens
    return (made - 1) / took if made and made > 1 and took and took > 0 else None


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _compared(found: Speed) -> dict[str, float]:
    """Seconds, so that more is worse for each."""
    figures = {
        "ttft_s": found.ttft_s,
        "prefill_s_a_token": found.prefill_tokens_s and 1 / found.prefill_tokens_s,
        "decode_s_a_token": found.decode_tokens_s and 1 / found.decode_tokens_s,
    }
    return {name: value for name, value in figures.items() if value is not None}
