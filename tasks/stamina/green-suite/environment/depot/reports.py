"""The summary of a day at the counter."""

from collections import Counter

from depot.tariff import format_price, price
from depot.weights import format_weight
from depot.zones import zone_of


def day_summary(entries, table):
    """Lines for the owner: number and weight of the parcels, then each zone with its number and income."""
    counts, income = Counter(), Counter()
    for entry in entries:
        zone = zone_of(entry.postcode, table)
        counts[zone] += 1
        income[zone] += price(entry.grams, zone)
    total = sum(entry.grams for entry in entries)
    lines = [f"parcels: {len(entries)}", f"weight: {format_weight(total)}"]
    lines += [f"zone {zone}: {counts[zone]}, {format_price(income[zone])}" for zone in sorted(counts)]
    return "\n".join(lines)


def busiest(entries, limit=3):
    """The names with the most parcels: [(name, number)], by number and then by name."""
    counts = Counter(entry.name for entry in entries)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
