"""The night's jobs, named in data/jobs.json as "module:function"."""

import importlib
import json
import os

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "jobs.json")


def find(name):
    """The function of a job."""
    with open(FILE, encoding="utf-8") as file:
        calls = {entry["job"]: entry["call"] for entry in json.load(file)}
    module, _, function = calls[name].partition(":")
    return getattr(importlib.import_module(module), function)
