"""The command line of docker or podman: which of them works here, and the few things that are asked of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil

from llmsweep.errors import SandboxError, UnfitError
from llmsweep.types import Task

LABEL = "llmsweep"
"""The label of every container of ours; its value is the process that made it."""
_ANSWER_S = 60.0
_BUILD_S = 600.0
_building = threading.Lock()


@dataclass(frozen=True)
class Engine:
    """``kind``: docker or podman; ``program``: its path."""

    kind: str
    program: str

    def say(self, *words: str, timeout_s: float = _ANSWER_S, check: bool = True) -> str:
        """What the engine prints. Raises SandboxError where it fails."""
        try:
            done = subprocess.run(
                [self.program, *words],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout_s,
            )
        except (OSError, subprocess.TimeoutExpired) as e:
            raise SandboxError(f"{self.kind} {words[0]}: {e}") from e
        if check and done.returncode:
            raise SandboxError(
                f"{self.kind} {words[0]} failed: {(done.stderr or done.stdout).strip()[-500:]}"
            )
        return done.stdout.strip()

    @cached_property
    def owner(self) -> str:
        """UID:GID whose files the workspace must be again after a command; empty where they are the host's anyway:
        for root, and where the engine itself runs as the user.
        """
        if os.getuid() == 0:
            return ""
        form = "{{.SecurityOptions}}" if self.kind == "docker" else "{{.Host.Security.Rootless}}"
        told = self.say("info", "--format", form)
        return "" if "rootless" in told or told == "true" else f"{os.getuid()}:{os.getgid()}"

    def start(self, words: Sequence[str]) -> str:
        """The id of a container that runs."""
        relabel = ("--security-opt", "label=disable") if self.kind == "podman" else ()
        label = f"{LABEL}={os.getpid()}"
        return self.say("run", "--detach", "--rm", "--label", label, *relabel, *words).splitlines()[-1]

    def remove(self, container: str) -> None:
        self.say("kill", container, check=False)  # at once: podman's rm waits for the first process
        self.say("rm", "--force", "--volumes", container, check=False)

    def runs(self, container: str) -> bool:
        return self.say("inspect", "--format", "{{.State.Running}}", container, check=False) == "true"

    def copy_out(self, image: str, folder: str, target: Path) -> None:
        """The folder of an image as a folder of the host; an empty one where the image has none."""
        container = self.say("create", "--label", f"{LABEL}={os.getpid()}", image, "true").splitlines()[-1]
        try:
            target.mkdir()
            self.say("cp", f"{container}:{folder}/.", os.fspath(target), check=False)
        finally:
            self.remove(container)

    def sweep_up(self) -> None:
        """Remove the containers of processes that are gone."""
        form = f'{{{{index .Config.Labels "{LABEL}"}}}}'
        for container in self.say("ps", "--all", "--quiet", "--filter", f"label={LABEL}").split():
            process = self.say("inspect", "--format", form, container, check=False)
            if not (process.isdigit() and psutil.pid_exists(int(process))):
                self.remove(container)


def find_engine(wanted: str) -> Engine:
    """The engine of that name, or for `auto` the first that works. Raises UnfitError with what to do."""
    troubles = []
    for kind in ("docker", "podman") if wanted == "auto" else (wanted,):
        program = shutil.which(kind)
        if program is None:
            troubles.append(f"{kind} is not installed")
            continue
        engine = Engine(kind, program)
        try:
            engine.say("info")
        except SandboxError as e:
            lines = [line for line in str(e).splitlines() if line.strip()]
            troubles.append(f"{kind} does not answer ({lines[-1].strip()[:200]})")
        else:
            return engine
    raise UnfitError(
        f"sandbox=docker: {'; '.join(troubles)}. Start Docker, or install podman, which needs no daemon;"
        " tasks without a container run with sandbox=bubblewrap."
    )


def image_of(task: Task, engine: Engine) -> str:
    """The image of a task's container, pulled or built once. Raises SandboxError with the end of what the build said."""
    folder = task.environment.parent
    about = tomllib.loads((folder / "task.toml").read_text(encoding="utf-8")).get("environment", {})
    stated = str(about.get("docker_image") or "")
    name = stated or (_base(task) if task.container is None else f"llmsweep/{task.digest[:16]}")
    seconds = float(about.get("build_timeout_sec", _BUILD_S))
    with _building:  # one at a time: parallel episodes want the same one
        if engine.say("image", "inspect", "--format", "{{.Id}}", name, check=False):
            return name
        if stated or task.container is None:
            engine.say("pull", name, timeout_s=seconds)
        else:
            dockerfile = task.environment / "Dockerfile"
            engine.say(
                "build",
                "--tag",
                name,
                "--file",
                os.fspath(dockerfile),
                os.fspath(task.environment),
                timeout_s=seconds,
            )
    return name


def _base(task: Task) -> str:
    """The image that a task's Dockerfile begins with; where it only copies files, nothing has to be built."""
    dockerfile = task.environment / "Dockerfile"
    lines = dockerfile.read_text(encoding="utf-8").splitlines() if dockerfile.is_file() else []
    found = [line.split()[1] for line in lines if line.upper().startswith("FROM ") and len(line.split()) > 1]
    if not found:
        raise SandboxError(
            f"{task.id}: neither its Dockerfile nor its task.toml names an image; set sandbox.image"
        )
    return found[-1]
