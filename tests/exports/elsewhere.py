"""Programs of others, each in a throw-away environment: a test that needs one skips, with the reason, where it cannot be had."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

UNREACHABLE = (
    "error sending request",
    "failed to fetch",
    "dns error",
    "network",
    "eai_again",
    "enotfound",
    "no such host",
)
LONG_S = 400


def python(packages: Sequence[str], script: str, *args: object, env: Mapping[str, str] | None = None) -> str:
    """What ``script`` prints in an environment with ``packages`` alone."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        pytest.skip("uv is not installed")
    chosen = [word for package in packages for word in ("--with", package)]
    command = [uv, "run", "-q", "--no-project", "--isolated", "--python", sys.executable, *chosen]
    fetched([*command, "python", "-c", ""])
    return ran([*command, "python", "-c", script, *map(str, args)], env=env)


def node(folder: Path, package: str) -> Path:
    """``folder`` with the npm package in it."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    fetched(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), package])
    return folder


def fetched(command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    """Carry out what asks a registry and does nothing else: only there may a failure be a skip."""
    done = _done(command, "", env, cwd)
    if done.returncode and any(word in done.stderr.lower() for word in UNREACHABLE):
        pytest.skip(f"a package registry is out of reach: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-3000:]}"


def ran(
    command: Sequence[str], *, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> str:
    """Standard output of what must end well."""
    done = _done(command, stdin, env, cwd)
    assert done.returncode == 0, f"{command[0]}: {done.stderr[-3000:]}{done.stdout[-1000:]}"
    return done.stdout


def _done(
    command: Sequence[str], stdin: str, env: Mapping[str, str] | None, cwd: Path | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=LONG_S,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        check=False,
    )
