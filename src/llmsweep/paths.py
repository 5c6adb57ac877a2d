"""Where conf/ and tasks/ are: beside the package in a wheel, at the top of the tree in a checkout."""

from __future__ import annotations

from pathlib import Path


def data_dir() -> Path:
    """The folder that holds conf/ and tasks/."""
    package = Path(__file__).parent
    packed = package / "data"
    return packed if packed.is_dir() else package.parent.parent


def conf_dir() -> Path:
    return data_dir() / "conf"


def tasks_dir() -> Path:
    return data_dir() / "tasks"
