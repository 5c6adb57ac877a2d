"""`models fit`: what a model would take of this machine's memory, part by part, and whether it fits."""

from __future__ import annotations

import argparse
from typing import Any, cast

from llmsweep.errors import UnfitError, UsageError, nearest
from llmsweep.local.fit import Footprint, Free, Load, footprint, free_memory, largest_context, margin, verdict
from llmsweep.local.gguf import Shape, read_shape, shape_of
from llmsweep.local.host import GB, Host, decode_bound
from llmsweep.local.sources import LocalFile, Ollama, Source
from llmsweep.paths import conf_dir

_PARTS = {
    "weights": "",
    "repacked": "weights copied into an order that this CPU reads faster",
    "kv": "keys and values",
    "state": "of recurrent layers",
    "checkpoints": "at most: copies of windows and states, kept while prompts grow",
    "compute": "",
    "overhead": "process and tokenizer",
}
_VERDICTS = {
    "fits": "fits",
    "barely": "barely: without the margin, so no",
    "no": "no",
}


def add_fit(verbs: Any) -> None:
    """The arguments, on the subparsers of `models`."""
    fit = verbs.add_parser("fit", help="whether a model fits into memory, and the largest context that does")
    fit.add_argument("name", metavar="MODEL", help="a model's name, or a .gguf file")
    fit.add_argument("--context", type=int, help="tokens of each slot's window (default: as configured)")
    fit.add_argument("--slots", type=int, help="streams at once (default: as configured)")
    fit.add_argument("--kv-type", help="type of the cached keys and values (default: as configured)")
    where = fit.add_mutually_exclusive_group()
    where.add_argument("--free-gb", type=float, help="memory that is free, in GB (default: as seen now)")
    where.add_argument("--host", help="a host of conf/host/, all of whose memory for models is free")


def fit(chosen: argparse.Namespace, source: Source) -> int:
    """Print the table; 0 when the model fits, 1 when it does not. Raises UsageError, UnfitError where weights are not here."""
    load = _load(chosen, source)
    free = _free(chosen, source)
    if free.of == "VRAM":
        load = Load(context=load.context, slots=load.slots, kv_type=load.kv_type, gpu=True)
    shape = shape_here(chosen.name, source)
    predicted = footprint(shape, load)
    _print(shape, load, predicted, free)
    bound = decode_bound(_host(chosen.host), shape.weights) if chosen.host and not shape.experts else None
    if bound is not None:
        print(f"decoding: at most {bound:.0f} tokens/s a stream, by the memory's bandwidth")
    return 0 if verdict(predicted, free) == "fits" else 1


def is_file(name: str) -> bool:
    """Whether MODEL is meant as a file and not as a model's name."""
    return name.endswith(".gguf") or "/" in name


def _load(chosen: argparse.Namespace, source: Source) -> Load:
    configured = _configured(chosen)
    given = {"context": chosen.context, "slots": chosen.slots, "kv_type": chosen.kv_type}
    values = {key: configured.get(key) if value is None else value for key, value in given.items()}
    if values["context"] is None:
        raise UsageError(f"--context is missing: {chosen.name} is not configured with one.")
    return Load(**{key: value for key, value in values.items() if value is not None})


def _configured(chosen: argparse.Namespace) -> dict[str, Any]:
    """What a sweep of the model would set in its provider; of a file, what the embedded llama.cpp would."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    from llmsweep.config import register

    register()
    words = ["provider=llamacpp"] if is_file(chosen.name) else [f"model={chosen.name}"]
    if chosen.config_dir is not None:
        words.append(f"hydra.searchpath=[file://{chosen.config_dir.absolute()}]")
    with initialize_config_dir(version_base="1.3", config_dir=str(conf_dir())):
        cfg = compose("config", overrides=words)
    return {key: OmegaConf.select(cfg, f"provider.{key}") for key in ("context", "slots", "kv_type")}


def _free(chosen: argparse.Namespace, source: Source) -> Free:
    from llmsweep.local.keepers import is_here
    from llmsweep.local.served import address

    if chosen.free_gb is not None:
        if not chosen.free_gb >= 0:
            raise UsageError(f"--free-gb={chosen.free_gb}: it must be 0 or more.")
        return Free(bytes=int(chosen.free_gb * GB))
    if chosen.host is not None and (free := _of_host(chosen.host)) is not None:
        return free
    if isinstance(source, Ollama) and not is_here(address(source)):
        raise UsageError(
            f"{address(source)} is another machine: say what is free there with --free-gb or --host."
        )
    return free_memory()


def _of_host(name: str) -> Free | None:
    """What a host of conf/host/ has for models, None for this machine."""
    host = _host(name)
    if host.for_models_gb is None:
        return None
    return Free(bytes=int(host.for_models_gb * GB), of="RAM" if host.vram_gb is None else "VRAM")


def _host(name: str) -> Host:
    from omegaconf import OmegaConf

    known = {path.stem: path for path in (conf_dir() / "host").glob("*.yaml")}
    if name not in known:
        raise UsageError(f"--host={name}: there is no such host; {nearest(name, known)}")
    return Host(**cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(known[name]))))


def shape_here(name: str, source: Source) -> Shape:
    """Of weights that are on this machine. Raises UnfitError where they are not."""
    from llmsweep.local import served
    from llmsweep.local.pull import path_of

    missing = UnfitError(f"the weights of {name} are not here; fetch them with: llmsweep models pull {name}")
    if isinstance(source, Ollama):
        if (there := served.listed(source)) is None:
            raise missing
        try:
            return shape_of(served.shown(source), weights=there.bytes)
        except (KeyError, TypeError, ValueError) as e:
            raise UnfitError(f"{name}: Ollama does not tell what sizing needs ({e}).") from e
    if isinstance(source, LocalFile):
        if not source.path.is_file():
            raise UnfitError(f"{source.path}: there is no such file.")
        return read_shape(source.path)
    if not (path := path_of(name, source)).is_file():
        raise missing
    return read_shape(path)


def _print(shape: Shape, load: Load, predicted: Footprint, free: Free) -> None:
    from rich.console import Console
    from rich.table import Table

    slots = f"{load.slots} slot{'s' if load.slots > 1 else ''}"
    print(f"{shape.architecture}, {slots} with a window of {load.context} tokens each, {load.kv_type} cache")
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for part, note in _PARTS.items():
        if (size := getattr(predicted, part)) or part in ("weights", "kv"):
            table.add_row(part, _gb(size), note)
    table.add_row("total", _gb(predicted.total))
    table.add_row(
        "margin", _gb(margin(predicted)), "10 % for what is off, 0.5 GB for what else asks for memory"
    )
    table.add_row("free", _gb(free.bytes), free.of)
    table.add_row("verdict", "", _VERDICTS[verdict(predicted, free)])
    largest = largest_context(shape, load, free)
    trained = f"trained for {shape.trained}" if shape.trained else ""
    table.add_row(
        "largest", str(largest or "none"), f"tokens of context that fit{'; ' * bool(trained)}{trained}"
    )
    Console().print(table)
    if shape.trained and load.context > shape.trained:
        print(f"note: a window of {load.context} tokens is more than the model was trained for.")


def _gb(size: int) -> str:
    return f"{size / GB:.2f} GB"
