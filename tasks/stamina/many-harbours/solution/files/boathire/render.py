"""Totals as text and as HTML."""

from html import escape

from boathire import harbours


def text(totals, day, harbour="main"):
    """The report for the terminal and for mails."""
    title = _title(day, harbour)
    lines = [title, "=" * len(title), f"{totals['hires']} hires, {totals['hours']} h, {money(totals['cents'])}"]
    lines += [f"  {kind}: {count}" for kind, count in totals["kinds"].items()]
    return "\n".join(lines)


def html(totals, day, harbour="main"):
    """The report for the browser."""
    title = escape(_title(day, harbour))
    rows = "".join(f"<tr><td>{escape(kind)}</td><td>{count}</td></tr>" for kind, count in totals["kinds"].items())
    return f"<title>{title}</title><h1>{title}</h1><table>{rows}</table><p>{money(totals['cents'])}</p>"


def _title(day, harbour):
    where = "" if harbour == "main" else f" at {harbours.name(harbour)}"
    return f"Boat hire{where}, day {day}"


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"
