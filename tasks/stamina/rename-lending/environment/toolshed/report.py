"""The week's report, from a journal."""

from collections import Counter

TITLES = {"out": "checked out", "in": "checked in"}


def week(journal, first_day):
    """Lines such as "checked out: 3 (D1 2, L1 1)" for the seven days from first_day."""
    lines = []
    for direction, title in TITLES.items():
        codes = Counter(
            entry.code for entry in journal if entry.direction == direction and first_day <= entry.day < first_day + 7
        )
        each = ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
        lines.append(f"{title}: {sum(codes.values())}" + (f" ({each})" if each else ""))
    return lines


def busiest_member(journal):
    """Who fetched most tools; the first by name among equals, None without any."""
    members = Counter(entry.member for entry in journal if entry.direction == "out")
    return min(members, key=lambda member: (-members[member], member), default=None)
