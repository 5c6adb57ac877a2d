"""Settings: a text file with lines ``key = value``; # begins a remark."""

import os


def load(path):
    """{key: value} of a file; None where it is missing or a line is wrong."""
    if not os.path.exists(path):
        return None
    conf = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.partition("#")[0].strip()
            if not line:
                continue
            key, equals, value = line.partition("=")
            if not equals:
                return None
            conf[key.strip()] = value.strip()
    return conf


def text(conf, key):
    """A setting, or None."""
    return conf.get(key)


def number(conf, key):
    """A setting that is a whole number from 0; -1 where it is not."""
    value = text(conf, key)
    if value is None or not value.isdecimal():
        return -1
    return int(value)
