"""What a task says about its container, and the image that it needs: pulled or built once."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import re
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from llmsweep.errors import SandboxError
from llmsweep.sandbox.engine import Engine
from llmsweep.sandbox.process import InFlight, Limits, Watch
from llmsweep.types import Task

BUILD_S = 600.0
_DEFAULT = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """``image``: the one that is named, None where it has to be built; ``files``: the workspace is the task's files,
    not a folder of the image; ``workdir``, ``agent``, ``verifier`` (users): None where the task leaves them to the image.
    """

    image: str | None
    files: bool
    workdir: str | None = None
    public: bool = True
    memory_mb: int = 0
    build_s: float = BUILD_S
    environment: dict[str, str] = field(default_factory=dict)
    agent: str | None = None
    verifier: str | None = None
    verifier_environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """``user`` and ``workdir``: what it says of itself."""

    name: str
    user: str
    workdir: str


def unsuited(task: Task) -> str | None:
    """Why not even a container runs this task; None where one does."""
    if compose := sorted(path.name for path in task.environment.glob("*compose*.y*ml")):
        return f"it has a {compose[0]}, and tasks of several containers are not supported"
    if _about(task).get("environment", {}).get("network_mode") == "allowlist":
        return "its network_mode is allowlist, which is not supported: public or no-network"
    return None


def recipe_of(task: Task) -> Recipe:
    """Raises SandboxError for what is not supported."""
    if why := unsuited(task):
        raise SandboxError(f"{task.id}: {why}")
    about = _about(task)
    stated, agent, verifier = (about.get(key, {}) for key in ("environment", "agent", "verifier"))
    files = task.container is None
    return Recipe(
        image=stated.get("docker_image") or (_base(task) if files else None),
        files=files,
        workdir=task.workdir if files or stated.get("workdir") else None,
        public=stated.get("network_mode", "public") == "public" and stated.get("allow_internet", True),
        memory_mb=int(stated.get("memory_mb", 0)),
        build_s=float(stated.get("build_timeout_sec", BUILD_S)),
        environment=_variables(task, stated.get("env", {})),
        agent=_user(agent),
        verifier=_user(verifier),
        verifier_environment=_variables(task, verifier.get("env", {})),
    )


def obtain(task: Task, recipe: Recipe, engine: Engine, in_flight: InFlight) -> Image:
    """The image of a task. Raises SandboxError with the end of what the build or the pull said."""
    name = recipe.image or f"llmsweep/{_digest(task.environment)[:32]}"
    with _alone():  # parallel episodes, and sweeps, want the same one
        image = _inspect(name, engine)
        if image is None:
            _make(task, recipe, name, engine, in_flight)
            image = _inspect(name, engine)
    if image is None:
        raise SandboxError(f"{task.id}: {engine.kind} made the image {name} and does not have it")
    return image


def _make(task: Task, recipe: Recipe, name: str, engine: Engine, in_flight: InFlight) -> None:
    words = ["pull", name]
    if recipe.image is None:
        dockerfile = task.environment / "Dockerfile"
        if not dockerfile.is_file():
            raise SandboxError(
                f"{task.id}: neither its task.toml nor a Dockerfile names an image; set sandbox.image"
            )
        words = ["build", "--tag", name, "--file", str(dockerfile), str(task.environment)]
    limits = Limits(
        memory_mb=1, processes=1, file_mb=1, disk_mb=1, output_bytes=8192
    )  # only the last is used
    done = engine.work(words, Watch(limits, recipe.build_s, ()), in_flight)
    if not done.ok:
        late = f" ran past build_timeout_sec={recipe.build_s:.0f}" if done.killed else " failed"
        raise SandboxError(
            f"{task.id}: {engine.kind} {words[0]}{late}; it said: {done.output.strip()[-1500:]}"
        )


def _inspect(name: str, engine: Engine) -> Image | None:
    """None where the engine has no such image."""
    done = engine.try_("image", "inspect", "--format", "{{.Config.User}}|{{.Config.WorkingDir}}", name)
    if done.returncode:
        return None
    user, _, workdir = done.stdout.decode("utf-8", "replace").strip().partition("|")
    return Image(name=name, user=user or "0", workdir=workdir)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One at a time, among the threads and processes of this user."""
    import getpass

    path = Path(tempfile.gettempdir(), f"llmsweep-{getpass.getuser()}.images")
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _about(task: Task) -> dict[str, Any]:
    path = task.environment.parent / "task.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as e:
        raise SandboxError(f"{path}: {e}") from e


def _base(task: Task) -> str | None:
    """The image that a Dockerfile begins with, where it then only copies the task's files: nothing has to be built."""
    dockerfile = task.environment / "Dockerfile"
    lines = dockerfile.read_text(encoding="utf-8").splitlines() if dockerfile.is_file() else []
    found = [line.split()[1:] for line in lines if line.split()[:1] and line.split()[0].upper() == "FROM"]
    plain = len(found) == 1 and len(found[0]) in (1, 3) and not re.search(r"[$]|^-", found[0][0])
    return found[0][0] if plain else None


def _digest(folder: Path) -> str:
    """Of what an image is built from, so that a change of the words of a task builds nothing."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            name = PurePosixPath(path.relative_to(folder)).as_posix()
            total.update(f"{name}\0{path.stat().st_mode & 0o777:o}\0{content}\n".encode())
    return total.hexdigest()


def _user(about: dict[str, Any]) -> str | None:
    user = about.get("user")
    return None if user is None else str(user)


def _variables(task: Task, given: dict[str, Any]) -> dict[str, str]:
    """Variables that a task sets. ``${NAME:-default}`` is its default: nothing of the caller's reaches a sandbox."""

    def default(found: re.Match[str]) -> str:
        if found[2] is None:
            raise SandboxError(
                f"{task.id}: its task.toml wants the variable {found[1]} of the caller, which no sandbox gets"
            )
        return found[2]

    return {str(name): _DEFAULT.sub(default, str(value)) for name, value in given.items()}
