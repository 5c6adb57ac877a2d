"""Bookings that repeat."""

import json
from operator import methodcaller

from stock.store import OutOfStock


def read_rules(path):
    """The rules of a file, by name."""
    with open(path, encoding="utf-8") as file:
        return {rule["name"]: _booking(rule) for rule in json.load(file)}


def _booking(rule):
    return methodcaller(rule["do"], *rule["args"], site=rule.get("site", "central"))


def run(rules, stock):
    """Do all rules; returns the names of those for which there was too little."""
    failed = []
    for name, book in rules.items():
        try:
            book(stock)
        except OutOfStock:
            failed.append(name)
    return failed
