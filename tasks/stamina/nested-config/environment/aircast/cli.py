"""The command line: status, config show, config check."""

import argparse
import os
import sys

from aircast import jingles, quiet, schedule, web
from aircast.config import ConfigError, load

FILE = "aircast.ini"


def main(argv=None):
    options = _parser().parse_args(argv)
    try:
        settings = load(_path(options.config))
        return _do(options, settings)
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
    return parser


def _do(options, settings):
    if options.verb == "status":
        print(f"on air: {schedule.on_air(settings, options.clock)}")
        print(f"{quiet.describe(settings)}, {jingles.per_day(settings)} jingles a day")
        print(web.page(settings))
    elif options.action == "check":
        print("ok")
    elif options.key is None:
        print("\n".join(f"{key} = {value}" for key, value in sorted(settings.items())))
    elif options.key in settings:
        print(settings[options.key])
    else:
        raise ConfigError(f"unknown key {options.key}")
    return 0
