"""Bookings that repeat."""

import json
from operator import methodcaller

from stock.store import OutOfStock


def read_rules(path):
    """The rules of a file, by name."""
    with open(path, encoding="utf-8") as file:
        return {rule["name"]: methodcaller(rule["do"], *rule["args"]) for rule in json.load(file)}


def run(rules, stock):
    """Do all rules; returns the names of those for which there was too little."""
    failed = []
    for name, book in rules.items():
        try:
            book(stock)
        except OutOfStock:
            failed.append(name)
    return failed
