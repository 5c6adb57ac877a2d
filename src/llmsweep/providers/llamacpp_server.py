"""The process that holds an embedded model, `python -m llmsweep.providers.llamacpp_server JSON`: it ends when its parent does.

Its standard input is a pipe that nobody writes to. However the parent ends, kill -9 included, the kernel
closes the other end, and the read that waits on it returns.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1

CHECKPOINTS = 4
"""Copies that a slot keeps of what a model with a sliding window or a state cannot go back to. llama.cpp's own 32, two of
which come with every prompt, can take more memory than the model."""


def main() -> None:
    """Load, say where it listens in one line of JSON, and serve as long as the parent lives."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Loading holds the interpreter's lock, so meanwhile the thread cannot act and the kernel has to. Only
    # meanwhile: its signal comes when the parent's thread ends that started us, not the parent itself.
    _die_with_parent(signal.SIGKILL)
    if os.getppid() != settings["parent"]:
        sys.exit("the parent ended before the model was loaded")
    began = time.monotonic()
    server = _serve(settings)
    _die_with_parent(0)
    ready = {"address": server.listening_address, "load_s": time.monotonic() - began}
    os.write(settings["ready_fd"], json.dumps(ready).encode() + b"\n")
    os.close(settings["ready_fd"])
    threading.Event().wait()


def _end_with_parent() -> None:
    # The bare descriptor: a thread that waits in sys.stdin would hold its lock while the interpreter ends.
    while os.read(0, 4096):
        pass
    os._exit(0)


def _die_with_parent(with_signal: int) -> None:
    """Linux only: the signal that the end of the parent's thread brings, 0 for none."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, with_signal, 0, 0, 0)


def _serve(settings: dict[str, Any]) -> Any:
    import xllamacpp

    kv_type = xllamacpp.ggml_type[f"GGML_TYPE_{settings['kv_type'].upper()}"]
    p = xllamacpp.CommonParams()
    p.model.path, p.model_alias = settings["gguf"], {Path(settings["gguf"]).stem}
    p.hostnames, p.port, p.ui = ["127.0.0.1"], 0, False
    p.n_parallel, p.n_ctx, p.kv_unified = settings["slots"], settings["slots"] * settings["context"], False
    p.cpuparams.n_threads = p.cpuparams_batch.n_threads = settings["threads"]
    p.cache_type_k = p.cache_type_v = kv_type
    if settings["gpu_layers"] != "auto":
        p.n_gpu_layers = settings["gpu_layers"]
    # What llama.cpp would otherwise decide, fetch or keep by itself, and change results unseen.
    p.n_ctx_checkpoints = CHECKPOINTS
    p.fit_params, p.ctx_shift, p.cache_ram_mib, p.offline = False, False, 0, True
    p.warmup, p.verbosity = True, 1
    return xllamacpp.Server(p)


if __name__ == "__main__":
    main()
