"""The command line: check-out, check-in, batch, list; the state lies in a JSON file."""

import argparse
import json
import os

from toolshed import batch, desk
from toolshed.errors import ShedError, exit_code
from toolshed.shed import Loan, Shed
from toolshed.tools import from_dict, to_dict

STARTING_TOOLS = [{"code": "D1", "name": "drill"}, {"code": "L1", "name": "ladder"}, {"code": "S1", "name": "sander"}]


def main(argv=None):
    options = _parser().parse_args(argv)
    shed = _load(options.state)
    try:
        code = _do(shed, options)
    except ShedError as error:
        print(f"refused: {error}")
        return exit_code(error)
    _save(shed, options.state)
    return code


def _parser():
    parser = argparse.ArgumentParser(prog="toolshed")
    parser.add_argument("--state", default="state.json")
    verbs = parser.add_subparsers(dest="verb", required=True)
    out = verbs.add_parser("check-out", help="hand out a tool")
    out.add_argument("code")
    out.add_argument("member")
    out.add_argument("--days", type=int)
    back = verbs.add_parser("check-in", help="take a tool back")
    back.add_argument("code")
    for verb in (out, back):
        verb.add_argument("--day", type=int, required=True)
    verbs.add_parser("batch", help="book a spreadsheet").add_argument("file")
    verbs.add_parser("list", help="what is in")
    return parser


def _do(shed, options):
    if options.verb == "list":
        print(" ".join(shed.check_inventory()))
        return 0
    if options.verb == "batch":
        with open(options.file, encoding="utf-8") as file:
            booked, problems = batch.book(shed, file.read())
        print("\n".join([f"{booked} booked", *problems]))
        return 2 if problems else 0
    given = {key: value for key, value in vars(options).items() if key not in ("verb", "state")}
    getattr(desk, options.verb.replace("-", "_"))(shed, say=print, **given)
    return 0


def _load(path):
    state = {"tools": STARTING_TOOLS, "loans": []}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
    shed = Shed([from_dict(tool) for tool in state["tools"]])
    shed.loans = {loan[0]: Loan(*loan) for loan in state["loans"]}
    return shed


def _save(shed, path):
    state = {"tools": [to_dict(tool) for tool in shed.tools.values()], "loans": list(shed.loans.values())}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(state, file, indent=1)
