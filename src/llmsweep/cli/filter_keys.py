"""The short keys of the verb `filter` as the configuration has them."""

from __future__ import annotations

from collections.abc import Sequence

SHORT = ("triggers", "limit", "recall", "by", "cycle", "miss", "signal", "call", "month")
LISTED = ("prompt", "temperature")


def worded(args: Sequence[str]) -> list[str]:
    """The words of the verb as the configuration has them, with this verb's own defaults where nothing else is said."""
    words = [_long(word) for word in args]
    for key, default in (("space=", "space=prompt"), ("results=", "results=results/wake")):
        swept = key == "space=" and any(word.startswith("space.prompt=") for word in words)
        if not swept and not any(word.startswith(key) for word in words):
            words.append(default)
    if not any(word.startswith("space=") for word in words):
        words.append("space=none")
    return words


def _long(word: str) -> str:
    key, equals, value = word.partition("=")
    if not equals:
        return word
    if key in SHORT:
        return f"wake.{key}={_quoted(value) if key in ('triggers', 'cycle') else value}"
    if key in LISTED:
        items = value.strip("[]").split(",")
        return f"space.{key}=[{','.join(_quoted(item) if key == 'prompt' else item for item in items)}]"
    return word


def _quoted(value: str) -> str:
    """A value with characters that Hydra's grammar gives a meaning to, quoted; a number or null stays what it is."""
    plain = value.replace(".", "").replace("_", "").replace("-", "").isalnum()
    return value if plain else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
