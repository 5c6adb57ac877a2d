"""What support sees."""

from app.flags import DEFAULTS, flags


def status():
    """A line a flag."""
    lines = [f"{name}: {'on' if flags.get(name) else 'off'}" for name in sorted(DEFAULTS)]
    if not getattr(flags, "legacy" + "_search"):
        lines.append("search index needed")
    return "\n".join(lines)
