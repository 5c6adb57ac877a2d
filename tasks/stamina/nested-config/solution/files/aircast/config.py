"""Settings: the defaults, a file over them, the environment over both; nested, with typed values."""

import configparser
import json
import os

SECTION = "aircast"
PREFIX = "AIRCAST__"
DEFAULTS = os.path.join(os.path.dirname(__file__), "defaults.json")
SHOW = {"name": str, "start": str, "minutes": int}
QUIET = {"from": str, "to": str}
OR_NULL = {"archive.keep_days": int, "feed.title": str, "log.file": str}


class ConfigError(Exception):
    """A mistake in the settings, in one sentence."""


def load(path=None, environ=None):
    """The settings as a nested dictionary, fresh at each call."""
    defaults = _read(DEFAULTS)
    settings = _read(DEFAULTS)
    if path is not None:
        if str(path).endswith(".ini"):
            raise ConfigError(f"{path} is in the old format: run aircast config migrate")
        _merge(settings, _read(path))
    for name, value in (os.environ if environ is None else environ).items():
        if name.startswith(PREFIX):
            change = _value(value)
            for part in reversed(name[len(PREFIX) :].lower().split("__")):
                change = {part: change}
            _merge(settings, change)
    _check(settings, defaults, "")
    return settings


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{path}: it is no JSON object")
    return found


def _value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _merge(settings, change):
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(settings.get(key), dict):
            _merge(settings[key], value)
        else:
            settings[key] = value


def _check(settings, defaults, where):
    for key, value in settings.items():
        path = where + key
        if key not in defaults:
            raise ConfigError(f"unknown key {path}")
        _check_value(path, value, defaults[key])


def _check_value(path, value, default):
    if path == "version":
        good = _is(value, int) and value == 2
    elif path == "quiet":
        if isinstance(value, dict) and set(value) - set(QUIET):
            raise ConfigError(f"unknown key quiet.{sorted(set(value) - set(QUIET))[0]}")
        good = value is None or _has(value, QUIET)
    elif path == "schedule.shows":
        good = isinstance(value, list) and all(_has(show, SHOW) for show in value)
    elif path in OR_NULL:
        good = value is None or _is(value, OR_NULL[path])
    elif isinstance(default, dict):
        good = isinstance(value, dict)
        if good:
            _check(value, default, path + ".")
    elif isinstance(default, list):
        good = isinstance(value, list) and all(isinstance(item, str) for item in value)
    else:
        good = _is(value, type(default))
    if not good:
        raise ConfigError(f"{path}: {value!r} has the wrong type")


def _is(value, kind):
    if isinstance(value, bool) and kind is not bool:
        return False
    return isinstance(value, (int, float) if kind is float else kind)


def _has(value, fields):
    return isinstance(value, dict) and set(value) == set(fields) and all(_is(value[k], t) for k, t in fields.items())


def _list(separator):
    return lambda text: [item.strip() for item in text.split(separator) if item.strip()]


def _minutes(text):
    return int(text) * 60


def _keep(text):
    return None if text == "forever" else int(text[:-1]) * (7 if text[-1] == "w" else 1)


def _quiet(text):
    if text == "none":
        return None
    first, last = (int(hour) for hour in text.split("-"))
    return {"from": f"{first:02}:00", "to": f"{last:02}:00"}


def _shows(text):
    shows = []
    for item in _list(",")(text):
        name, rest = item.split("@")
        start, minutes = rest.split("+")
        shows.append({"name": name, "start": start, "minutes": int(minutes)})
    return shows


OLD = {
    "station": ("station.name", str),
    "station_lang": ("station.language", str),
    "mail_host": ("mail.server.host", str),
    "mail_port": ("mail.server.port", int),
    "mail_tls": ("mail.server.tls", lambda text: text == "yes"),
    "mail_from": ("mail.sender", str),
    "alert_to": ("alerts.to", _list(",")),
    "alert_silence": ("alerts.silence.after_s", int),
    "alert_repeat": ("alerts.silence.repeat_s", _minutes),
    "archive_dir": ("archive.folder", str),
    "archive_keep": ("archive.keep_days", _keep),
    "archive_format": ("archive.format", str),
    "jingle_every": ("jingles.every_s", _minutes),
    "jingle_files": ("jingles.files", _list(";")),
    "quiet": ("quiet", _quiet),
    "loudness": ("loudness.target_lufs", float),
    "loudness_headroom": ("loudness.headroom", lambda text: float(text) / 100),
    "shows": ("schedule.shows", _shows),
    "schedule_filler": ("schedule.filler", str),
    "feed_title": ("feed.title", lambda text: text or None),
    "feed_items": ("feed.items", int),
    "feed_ttl": (None, None),
    "web_port": ("web.port", int),
    "web_public": ("web.bind", lambda text: "0.0.0.0" if text == "yes" else "127.0.0.1"),
    "log_level": ("log.level", str),
    "log_file": ("log.file", lambda text: text or None),
}


def migrate(text):
    """The text of a file in the old format as nested settings, with only the keys that it states."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
        items = list(parser[SECTION].items())
    except (KeyError, configparser.Error) as error:
        raise ConfigError(f"no file in the old format: {error}") from error
    settings = {"version": 2}
    for key, value in items:
        if key not in OLD:
            raise ConfigError(f"unknown key {key}")
        path, convert = OLD[key]
        if path is not None:
            *parents, last = path.split(".")
            place = settings
            for parent in parents:
                place = place.setdefault(parent, {})
            place[last] = convert(value)
    return settings
