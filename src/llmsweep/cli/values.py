"""Values of key=value words, for the verbs that Hydra does not read: each is right, or one sentence says what would be."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

from llmsweep.errors import UsageError


def number(key: str, text: str, *, above: bool = False) -> float:
    """0 or more; ``above``: more than 0. Raises UsageError for all else, as the others here do."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf or (above and value == 0):
        raise UsageError(f"{key}={text}: it must be a number{' above 0' if above else ', 0 or more'}.")
    return value


def whole(key: str, text: str, least: int) -> int:
    if not text.isdigit() or int(text) < least:
        raise UsageError(f"{key}={text}: it must be a whole number, {least} or more.")
    return int(text)


def day(key: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise UsageError(f"{key}={text}: it must be a day such as 2026-11-01.") from e


def config_dir(text: str) -> Path:
    """A folder of the user's own configuration."""
    if not text or not Path(text).is_dir():
        raise UsageError(f"--config-dir {text}: there is no such folder.")
    return Path(text)
