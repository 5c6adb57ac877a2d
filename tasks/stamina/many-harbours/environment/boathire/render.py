"""Totals as text and as HTML."""

from html import escape

TITLE = "Boat hire, day {day}"


def text(totals, day):
    """The report for the terminal and for mails."""
    title = TITLE.format(day=day)
    lines = [title, "=" * len(title), f"{totals['hires']} hires, {totals['hours']} h, {money(totals['cents'])}"]
    lines += [f"  {kind}: {count}" for kind, count in totals["kinds"].items()]
    return "\n".join(lines)


def html(totals, day):
    """The report for the browser."""
    title = escape(TITLE.format(day=day))
    rows = "".join(f"<tr><td>{escape(kind)}</td><td>{count}</td></tr>" for kind, count in totals["kinds"].items())
    return f"<title>{title}</title><h1>{title}</h1><table>{rows}</table><p>{money(totals['cents'])}</p>"


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"
