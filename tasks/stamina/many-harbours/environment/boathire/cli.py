"""The command line."""

import argparse
import os
import sys

from boathire import background, export, render, reports
from boathire.audit import Audit
from boathire.cache import Cache
from boathire.jobs import JobQueue
from boathire.model import Refused, describe
from boathire.pricing import load_tariffs
from boathire.repository import Repository
from boathire.service import HireService


def main(argv=None):
    options = _parser().parse_args(argv)
    at = lambda name: os.path.join(options.data, name)  # noqa: E731
    queue = JobQueue(at("jobs.json"))
    service = HireService(
        Repository(at("fleet.json")), load_tariffs(at("tariffs.json")), Cache(), queue, Audit(at("audit.log"))
    )
    try:
        return _do(options, service)
    except Refused as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1


def _parser():
    parser = argparse.ArgumentParser(prog="boathire")
    parser.add_argument("--data", default="data", help="folder with fleet.json and tariffs.json")
    verbs = parser.add_subparsers(dest="verb", required=True)
    free = verbs.add_parser("free", help="boats that are free")
    free.add_argument("--kind")
    hire = verbs.add_parser("hire", help="give a boat to a guest")
    hire.add_argument("code")
    hire.add_argument("guest")
    report = verbs.add_parser("report", help="the day's report")
    report.add_argument("--html", action="store_true")
    report.add_argument("--later", action="store_true", help="as a job")
    for verb in (free, hire, report, verbs.add_parser("export", help="the day as CSV")):
        verb.add_argument("day", type=int)
    hire.add_argument("hours", type=int)
    verbs.add_parser("back", help="take a boat back").add_argument("number", type=int)
    verbs.add_parser("jobs", help="run what waits")
    return parser


def _do(options, service):
    repository = service.repository
    if options.verb == "free":
        print(" ".join(service.free_boats(options.day, options.kind)))
    elif options.verb == "hire":
        hire = service.hire(options.code, options.guest, options.day, options.hours)
        print(f"{describe(hire)}, {render.money(hire.cents)}")
    elif options.verb == "back":
        print(describe(service.give_back(options.number)))
    elif options.verb == "report" and options.later:
        service.queue.put("report", day=options.day)
    elif options.verb == "report":
        show = render.html if options.html else render.text
        print(show(reports.day_totals(repository, options.day), options.day))
    elif options.verb == "export":
        name = os.path.join(options.data, export.file_name(options.day))
        with open(name, "w", encoding="utf-8") as file:
            file.write(export.csv_text(repository, options.day))
        print(name)
    else:
        _, problems = service.queue.run_all(background.actions(repository, print))
        print("\n".join(problems) or "done")
    return 0
