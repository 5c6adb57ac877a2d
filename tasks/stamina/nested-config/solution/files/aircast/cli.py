"""The command line: status, config show, config check, config migrate."""

import argparse
import json
import os
import sys

from aircast import jingles, quiet, schedule, web
from aircast.config import ConfigError, load, migrate

FILE = "aircast.json"


def main(argv=None):
    options = _parser().parse_args(argv)
    try:
        if options.verb == "config" and options.action == "migrate":
            with open(options.old, encoding="utf-8") as file:
                print(_json(migrate(file.read())))
            return 0
        return _do(options, load(_path(options.config)))
    except OSError as error:
        print(f"config: {error}", file=sys.stderr)
        return 2
    except ConfigError as error:
        print(f"config: {error}", file=sys.stderr)
        return 2


def _path(given):
    if given is not None:
        return given
    return FILE if os.path.exists(FILE) else None


def _parser():
    parser = argparse.ArgumentParser(prog="aircast")
    parser.add_argument("--config")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("status", help="what is on air").add_argument("clock")
    actions = verbs.add_parser("config", help="the settings").add_subparsers(dest="action", required=True)
    actions.add_parser("show").add_argument("key", nargs="?")
    actions.add_parser("check")
    actions.add_parser("migrate").add_argument("old")
    return parser


def _do(options, settings):
    if options.verb == "status":
        print(f"on air: {schedule.on_air(settings, options.clock)}")
        print(f"{quiet.describe(settings)}, {jingles.per_day(settings)} jingles a day")
        print(web.page(settings))
    elif options.action == "check":
        print("ok")
    else:
        print(_json(_pick(settings, options.key)))
    return 0


def _pick(settings, key):
    for part in key.split(".") if key else ():
        if not isinstance(settings, dict) or part not in settings:
            raise ConfigError(f"unknown key {key}")
        settings = settings[part]
    return settings


def _json(value):
    return json.dumps(value, indent=2)
