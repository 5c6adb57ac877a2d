"""Settings: a text file with lines ``key = value``; # begins a remark."""

import os

from ferry.errors import ConfigError


def load(path):
    """{key: value} of a file. Raises ConfigError."""
    if not os.path.exists(path):
        raise ConfigError("file", f"{path} is missing")
    conf = {}
    with open(path, encoding="utf-8") as file:
        for place, line in enumerate(file, 1):
            line = line.partition("#")[0].strip()
            if not line:
                continue
            key, equals, value = line.partition("=")
            if not equals:
                raise ConfigError(f"line {place}", "there is no =")
            conf[key.strip()] = value.strip()
    return conf


def text(conf, key):
    """A setting. Raises ConfigError where it is missing."""
    if key not in conf:
        raise ConfigError(key, "it is missing")
    return conf[key]


def number(conf, key):
    """A setting that is a whole number from 0. Raises ConfigError where it is missing or something else."""
    value = text(conf, key)
    if not value.isdecimal():
        raise ConfigError(key, f"{value!r} is no whole number from 0")
    return int(value)
