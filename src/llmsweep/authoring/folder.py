"""Writes one task folder in Harbor's shape, with the kit that every hidden test of ours is written with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

KIT = Path(__file__).parent / "kit"
IMAGES = {
    "python": "python:3.12-slim",
    "shell": "python:3.12-slim",
    "javascript": "node:22-bookworm",
    "c": "buildpack-deps:bookworm",
}
"""Images for containers; each has python3 too, which the hidden tests need."""
TOOLS = {"javascript": ("node",), "c": ("gcc",)}

_TASK = """\
schema_version = "1.4"

[task]
name = {name}
version = "1.0"
description = {description}
keywords = {keywords}

[metadata]
tier = {tier}
category = {category}
language = {language}
{more}
[agent]
timeout_sec = 600

[verifier]
timeout_sec = 120

[environment]
workdir = "/app"
network_mode = "no-network"
cpus = 1
memory_mb = 512
"""


def write_task(
    folder: Path,
    files: Mapping[str, str],
    *,
    description: str,
    category: str,
    check: str | None = None,
    language: str = "python",
    tier: int = 1,
    tools: Sequence[str] = (),
) -> None:
    """Write ``files`` (path in the folder -> text), task.toml, the Dockerfile and the kit beside the hidden tests."""
    more = {"check": check, "tools": list(tools) or None}
    about = _TASK.format(
        name=toml_text(f"llmsweep/{folder.name}"),
        description=toml_text(description),
        keywords=toml_text([language, category]),
        tier=tier,
        category=toml_text(category),
        language=toml_text(language),
        more="".join(f"{key} = {toml_text(value)}\n" for key, value in more.items() if value is not None),
    )
    dockerfile = f"FROM {IMAGES[language]}\nWORKDIR /app\nCOPY . /app\n"
    for path, text in {"task.toml": about, "environment/Dockerfile": dockerfile, **files}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    for name in ("test.sh", "judge.py"):
        shutil.copyfile(KIT / name, folder / "tests" / name)
    for script in ("tests/test.sh", "solution/solve.sh"):
        (folder / script).chmod(0o755)


def toml_text(value: str | list[str]) -> str:
    """A string or a list of strings; JSON's escapes are TOML's too."""
    return json.dumps(value, ensure_ascii=False)
