"""A GGUF file, served by an embedded llama.cpp in a process of its own, and spoken to like any OpenAI-compatible server.

A process of its own, because ending it is the only sure way to get its memory back, and because its load
must not stop the clocks of ours.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from llmsweep.errors import ProviderError, UnfitError, UsageError, nearest
from llmsweep.providers.base import OnChunk, Tap
from llmsweep.providers.deciding import AnswerForm, Decision, Question
from llmsweep.providers.dialect import Dialect, Fragment
from llmsweep.providers.openai import OpenAICompatible
from llmsweep.types import Completion, Message, Sampling, Tool

NEUTRAL = {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0}
"""What a setting that is null means here: llama.cpp's own defaults (top_k 40, min_p 0.05) would bend the temperature
axis unseen."""
KV_TYPES = frozenset(("f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"))
_CELLS = 256
"""llama.cpp rounds a stream's window up to a multiple of this."""
_DYING_S = 0.5
_LAST_WORDS = 400


class LlamaCpp:
    """One GGUF file on this machine; the arguments are what conf/provider/llamacpp.yaml may set.

    ``sha256``: of the file, where somebody has hashed it already. ``slots``: streams at once, each with a
    window of ``context`` tokens of its own. ``threads``: None is the number of physical cores.
    ``gpu_layers``: how many layers go to the GPU, "auto" leaves it to llama.cpp. ``kv_type``: the type of the
    cached keys and values. ``cache_prompt``: a slot keeps its last prompt, as agents need; false computes
    every prompt anew. ``extra_body``: sampling fields over the neutral ones. The others: see
    `OpenAICompatible`; without ``reasoning_on`` the model has no reasoning.

    Raises UsageError for arguments that cannot be right.
    """

    name = "llamacpp"
    address: str | None = "http://127.0.0.1"
    answer_form: AnswerForm = "json_schema"

    def __init__(
        self,
        *,
        gguf: str | Path,
        sha256: str | None = None,
        slots: int = 2,
        context: int = 4096,
        threads: int | None = None,
        gpu_layers: int | str = "auto",
        kv_type: str = "f16",
        cache_prompt: bool = True,
        startup_timeout_s: float = 120.0,
        idle_timeout_s: float = 300.0,
        extra_body: Fragment | None = None,
        reasoning_on: Fragment | None = None,
        reasoning_off: Fragment | None = None,
        echo: bool = False,
    ) -> None:
        if slots < 1:
            raise UsageError(f"provider.slots={slots}: it must be 1 or more.")
        if context < _CELLS or context % _CELLS:
            raise UsageError(f"provider.context={context}: it must be a multiple of {_CELLS}.")
        if kv_type not in KV_TYPES:
            raise UsageError(
                f"provider.kv_type={kv_type}: there is no such type; {nearest(kv_type, KV_TYPES)}"
            )
        if isinstance(gpu_layers, str) and gpu_layers != "auto":
            raise UsageError(f"provider.gpu_layers={gpu_layers}: it must be a number or auto.")
        self.gguf, self.slots = Path(gguf).expanduser().absolute(), slots
        self.aborted = threading.Event()
        """Set by `abort` until the next entering; who waits between two tries waits on it."""
        self.load_s: float | None = None
        """Seconds that the last start took until the server answered; in no measured completion."""
        self._sha256, self._context, self.kv_type = sha256, context, kv_type
        self._threads, self._gpu_layers = threads, gpu_layers
        self._startup_s, self._idle_s = startup_timeout_s, idle_timeout_s
        self._extra_body = {**NEUTRAL, "cache_prompt": cache_prompt, **(extra_body or {})}
        self._dialect = Dialect(
            on=reasoning_on, off=reasoning_off, echo=echo, sampling_fields={knob: knob for knob in NEUTRAL}
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._inner: OpenAICompatible | None = None
        self._tap: Tap | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, None while there is none."""
        return self._process.pid if self._process else None

    def uses_gpu(self) -> bool:
        """Whether layers would go to a GPU: the build of llama.cpp must know one, and gpu_layers not be 0."""
        if self._gpu_layers == 0 or importlib.util.find_spec("xllamacpp") is None:
            return False
        import xllamacpp

        cpu = xllamacpp.ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_CPU
        return any(device["type"] != cpu for device in xllamacpp.get_device_info())

    def revision(self) -> str:
        """``sha256:`` and the 64 hex digits of the file's. Raises UnfitError where there is no file."""
        if not self.gguf.is_file():
            raise UnfitError(
                f"provider.gguf={self.gguf}: no such file; `llmsweep models pull MODEL` fetches it."
            )
        if self._sha256 is None:
            seen = self.gguf.stat()
            return f"sha256:{_sha256(self.gguf, seen.st_size, seen.st_mtime_ns)}"
        return f"sha256:{self._sha256}"

    def context(self) -> int:
        """As configured; entering fails where the server's differs."""
        return self._context

    def check(self, sampling: Sampling) -> None:
        self._dialect.check(sampling)
        if sampling.max_tokens >= self._context:
            raise UsageError(
                f"max_tokens={sampling.max_tokens}: the context window holds {self._context} tokens, prompt included."
            )

    def __enter__(self) -> Self:
        if importlib.util.find_spec("xllamacpp") is None:
            raise UnfitError("the embedded llama.cpp is not installed: pip install 'llmsweep[llamacpp]'.")
        self.revision()
        self.aborted.clear()
        try:
            inner = self._speak_to(self._start())
            in_force = inner.context()
            if in_force != self._context:
                raise UnfitError(
                    f"provider.context={self._context}: this model's window holds {in_force} tokens."
                )
            inner.listen(self._tap)
            self._inner = inner.__enter__()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        sampling: Sampling,
        on_chunk: OnChunk | None = None,
    ) -> Completion:
        """See `Provider.complete`. Raises a fatal ProviderError with the server's last words when it has died."""
        with self._living() as inner:
            return inner.complete(messages, tools, sampling, on_chunk)

    def decide(self, messages: Sequence[Message], question: Question, sampling: Sampling) -> Decision:
        """See `Decides.decide`."""
        with self._living() as inner:
            return inner.decide(messages, question, sampling)

    @contextmanager
    def _living(self) -> Iterator[OpenAICompatible]:
        """What speaks to the server; its death is fatal."""
        if self.aborted.is_set():
            raise ProviderError("aborted")
        if self._inner is None:
            raise ProviderError("the provider is used outside of its with block", fatal=True)
        try:
            yield self._inner
        except ProviderError as e:
            if e.retryable and self._has_died():
                raise ProviderError(f"the embedded server died: {self._last_words()}", fatal=True) from e
            raise

    def listen(self, tap: Tap | None) -> None:
        self._tap = tap
        if (inner := self._inner) is not None:
            inner.listen(tap)

    def abort(self) -> None:
        self.aborted.set()
        if (inner := self._inner) is not None:
            inner.abort()

    def _start(self) -> str:
        """Start the server and wait until it has loaded; its address. Raises UnfitError."""
        ready, tell = os.pipe()
        try:
            try:
                self._spawn(tell)
            finally:
                os.close(tell)
            readable, _, _ = select.select([ready], [], [], self._startup_s)
            line = os.read(ready, 4096) if readable else b""
        finally:
            os.close(ready)
        if not line:
            why = (
                "could not be loaded"
                if readable
                else f"did not load in startup_timeout_s={self._startup_s:g}"
            )
            raise UnfitError(f"provider.gguf={self.gguf}: {why}: {self._last_words()}")
        said = json.loads(line)
        self.load_s = float(said["load_s"])
        return str(said["address"])

    def _spawn(self, tell: int) -> None:
        settings: dict[str, Any] = {
            "gguf": str(self.gguf),
            "slots": self.slots,
            "context": self._context,
            "threads": self._threads or _physical_cores(),
            "gpu_layers": self._gpu_layers,
            "kv_type": self.kv_type,
            "ready_fd": tell,
            "parent": os.getpid(),
        }
        self._log = tempfile.TemporaryFile(prefix="llmsweep-llamacpp-")  # noqa: SIM115  # lives as the server does
        self._process = subprocess.Popen(
            [sys.executable, "-m", "llmsweep.providers.llamacpp_server", json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            pass_fds=(tell,),
            # Ctrl-C at the terminal is ours to handle: the server has to live until its last answer is cut.
            start_new_session=True,
        )

    def _speak_to(self, address: str) -> OpenAICompatible:
        return OpenAICompatible(
            model=self.gguf.stem,
            base_url=f"{address}/v1",
            slots=self.slots,
            idle_timeout_s=self._idle_s,
            extra_body=self._extra_body,
            reasoning_on=self._dialect.on,
            reasoning_off=self._dialect.off,
            echo=self._dialect.echo,
            sampling_fields=self._dialect.sampling_fields,
        )

    def _stop(self) -> None:
        inner, self._inner = self._inner, None
        if inner is not None:
            inner.__exit__(None, None, None)
        process, self._process = self._process, None
        if process is not None:
            # It has nothing to save, and one that is busy would take its time to end by itself.
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        log, self._log = self._log, None
        if log is not None:
            log.close()

    def _has_died(self) -> bool:
        """Whether the server is gone; its connections break a moment before its end can be seen."""
        if self._process is None or self.aborted.is_set():
            return False
        try:
            self._process.wait(timeout=_DYING_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _last_words(self) -> str:
        if self._log is None:
            return "nothing is known"
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").splitlines()
        said = " / ".join(line.strip() for line in lines if line.strip())[-_LAST_WORDS:]
        code = self._process.poll() if self._process else None
        return f"exit code {code}, {said or 'it said nothing'}"


@lru_cache(maxsize=32)
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    """The file's sha256, hashed once as long as it looks the same."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _physical_cores() -> int:
    """Cores that this process may use, hyperthreads not counted: they slow matrix products down."""
    import psutil

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(psutil.cpu_count(logical=False) or usable or 1, usable or 1)
