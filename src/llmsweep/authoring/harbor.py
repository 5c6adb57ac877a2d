"""What a task folder of Harbor's says about the machine that it was written for: a container's image, tools, a network."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

_CANARY = re.compile(r"<!--.*canary.*-->|#.*canary.*", re.IGNORECASE)


def without_canary(text: str) -> str:
    """An instruction without the lines at its top that mark it as a benchmark's; Harbor does not show them either."""
    lines = text.strip().splitlines()
    while lines and (not lines[0].strip() or _CANARY.fullmatch(lines[0].strip())):
        lines.pop(0)
    return "\n".join(lines)


def _dockerfile(folder: Path) -> list[tuple[str, str]]:
    """Instructions and their arguments, continued lines joined."""
    path = folder / "environment" / "Dockerfile"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines()]
    words = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(word.upper(), rest.strip()) for word, _, rest in words]


def workdir_of(folder: Path, stated: object) -> str:
    """The workspace's path: task.toml's, else the Dockerfile's last."""
    found = [rest for word, rest in _dockerfile(folder) if word == "WORKDIR"]
    return str(stated) if stated else found[-1] if found else "/app"


_NEEDLESS = {
    "FROM",
    "WORKDIR",
    "COPY",
    "ADD",
    "LABEL",
    "CMD",
    "SHELL",
    "ARG",
    "EXPOSE",
    "STOPSIGNAL",
}


_NOWHERE = {
    "healthcheck": "has a health check",
    "mcp_servers": "has MCP servers",
    "skills_dir": "brings skills along",
    "tpu": "needs a TPU",
}
_STATED = {"env": "sets environment variables", "gpus": "needs GPUs", **_NOWHERE}
"""Keys of [environment] that only a container can give, if anything here can."""


def unserved(about: dict[str, Any], folder: Path) -> str | None:
    """Why no sandbox of ours runs a task as Harbor would; None where one may."""
    environment, verifier = about.get("environment", {}), about.get("verifier", {})
    what = next((what for key, what in _NOWHERE.items() if environment.get(key)), None)
    if str(environment.get("os", "linux")).lower() != "linux":
        what = f"is for {environment['os']}"
    elif verifier.get("environment") or verifier.get("environment_mode") == "separate":
        what = "has tests that want a container of their own"
    elif any(word == "ENTRYPOINT" for word, _ in _dockerfile(folder)):
        what = "has an image whose ENTRYPOINT has to run"
    return f"it {what}, which is not supported" if what else None


def needs_container(folder: Path, about: dict[str, Any]) -> str | None:
    """Why a task cannot be run from its files alone; None where it can.

    Its Dockerfile may only copy the whole folder into the workspace. Of the base image only the tools count, those
    that the task names as [metadata] tools or else those that such an image is known for.
    """
    environment, place = about.get("environment", {}), folder / "environment"
    if environment.get("docker_image"):
        return f"its image is {environment['docker_image']}"
    if extra := sorted(
        path.name for glob in ("*compose*.y*ml", ".dockerignore") for path in place.glob(glob)
    ):
        return f"it has a {extra[0]}"
    if environment.get("allowed_hosts") or environment.get("network_mode") == "allowlist":
        return "it needs a network"
    if stated := [what for key, what in _STATED.items() if environment.get(key)]:
        return f"it {stated[0]}"
    if about.get("verifier", {}).get("env"):
        return "its tests get environment variables"
    if fetcher := fetched_by(folder / "tests"):
        return f"its tests fetch what they need ({fetcher})"
    workdir = PurePosixPath(workdir_of(folder, environment.get("workdir")))
    for word, rest in _dockerfile(folder):
        if word not in _NEEDLESS:
            return f"its Dockerfile has a {word} line"
        if word in ("COPY", "ADD") and not _copies_all(rest, workdir):
            return f"its Dockerfile copies {rest}"
    return None


_FETCHES = re.compile(
    r"(?<![\w.-])(?:(?:apt-get|apt|apk|yum|dnf)\s[^\n|&;]*?(?:install|add|update)|pip3?\s+install|uvx|npx"
    r"|uv\s+(?:run|sync|add|pip|tool)|npm\s+(?:install|ci|i)|git\s+clone"
    r"|(?:curl|wget)\s[^\n|&;]*?https?://(?!localhost|127\.|0\.0\.0\.0))"
)


def fetched_by(tests: Path) -> str | None:
    """The program by which tests/test.sh takes something from a network; None where it is not seen to."""
    lines = (tests / "test.sh").read_text(encoding="utf-8", errors="replace").splitlines()
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    found = _FETCHES.search(code.replace("\\\n", " "))
    return found[0].split()[0] if found else None


_TOOLS_OF_IMAGES = {
    "node": ("node",),
    "gcc": ("gcc",),
    "buildpack-deps": ("gcc",),
    "golang": ("go",),
    "rust": ("cargo",),
    "ruby": ("ruby",),
    "php": ("php",),
    "perl": ("perl",),
    "r-base": ("Rscript",),
    "openjdk": ("java",),
    "eclipse-temurin": ("java",),
    "maven": ("mvn",),
    "gradle": ("gradle",),
}


def tools_of_image(folder: Path) -> tuple[str, ...]:
    """The tools that the Dockerfile's image is known for, where the task does not say what it needs."""
    images = [words.split() for word, words in _dockerfile(folder) if word == "FROM"]
    name = next((part for part in images[-1] if not part.startswith("--")), "") if images else ""
    return _TOOLS_OF_IMAGES.get(name.rpartition("/")[2].partition("@")[0].partition(":")[0], ())


def _copies_all(words: str, workdir: PurePosixPath) -> bool:
    """Whether a COPY line puts the whole folder into the workspace."""
    if "--from" in words:
        return False
    *sources, target = [part for part in words.split() if not part.startswith("--")] or [""]
    if sources not in (["."], ["./"]):
        return False
    return target in (".", "./") or PurePosixPath(target) == workdir
