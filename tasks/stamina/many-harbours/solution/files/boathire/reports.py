"""Figures from the repository."""

from collections import Counter


def day_totals(repository, day, harbour="main"):
    """{"hires", "hours", "cents", "kinds": hires by kind} of a day."""
    hires = repository.hires(day, harbour)
    kinds = Counter(repository.boat(hire.boat, harbour).kind for hire in hires)
    return {
        "hires": len(hires),
        "hours": sum(hire.hours for hire in hires),
        "cents": sum(hire.cents for hire in hires),
        "kinds": dict(sorted(kinds.items())),
    }


def busiest_boat(repository, harbour="main"):
    """The boat with most hours over all days, the first by code among equals; None without hires."""
    hours = Counter()
    for hire in repository.hires(harbour=harbour):
        hours[hire.boat] += hire.hours
    return min(hours, key=lambda code: (-hours[code], code), default=None)
