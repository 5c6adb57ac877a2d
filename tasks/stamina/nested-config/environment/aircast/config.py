"""Settings: the defaults, a file over them, the environment over both; flat keys, values are texts."""

import configparser
import os

SECTION = "aircast"
PREFIX = "AIRCAST_"
DEFAULTS = os.path.join(os.path.dirname(__file__), "defaults.ini")


class ConfigError(Exception):
    """A mistake in the settings, in one sentence."""


def load(path=None, environ=None):
    """The settings as a flat dictionary of texts."""
    settings = _read(DEFAULTS)
    for key, value in (_read(path) if path else {}).items():
        if key not in settings:
            raise ConfigError(f"unknown key {key}")
        settings[key] = value
    for name, value in (os.environ if environ is None else environ).items():
        if name.startswith(PREFIX):
            key = name[len(PREFIX) :].lower()
            if key not in settings:
                raise ConfigError(f"unknown key {key} in the environment")
            settings[key] = value
    return settings


def _read(path):
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        return dict(parser[SECTION])
    except (OSError, KeyError, configparser.Error) as error:
        raise ConfigError(f"{path}: {error}") from error
