"""What support sees."""

from app.flags import DEFAULTS, flags


def status():
    """A line a flag."""
    lines = [f"{name}: {'on' if flags.get(name) else 'off'}" for name in sorted(DEFAULTS)]
    if flags.fast_search:
        lines.append("search index needed")
    return "\n".join(lines)
