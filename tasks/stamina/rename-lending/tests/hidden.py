import os
import re

from judge import check, decide, milestone, python, read, run

OLD = re.compile(r"check[_-](?:out|in)(?![a-z])|Check(?:Out|In)(?![a-z])|CHECK_(?:OUT|IN)(?![A-Z])")

# A bare package, so that one module can be looked at while others still speak the old names; where a module's
# neighbours are needed, both names are put there.
BARE = """
import sys, types
package = types.ModuleType("toolshed")
package.__path__ = ["toolshed"]
sys.modules["toolshed"] = package
def both(holder, *pairs):
    for old, new in pairs:
        if hasattr(holder, old): setattr(holder, new, getattr(holder, old))
        elif hasattr(holder, new): setattr(holder, old, getattr(holder, new))
"""
ERRORS = """
import toolshed.errors as errors
both(errors, ("CheckOutError", "LendError"), ("CheckInError", "TakeBackError"))
def refused(f, *args, **kwargs):
    try: f(*args, **kwargs)
    except (errors.ShedError, ValueError, AttributeError, TypeError, KeyError) as e:
        return {"CheckOutError": "LendError", "CheckInError": "TakeBackError"}.get(type(e).__name__, type(e).__name__)
"""
FAKE = """
class Loan:
    due, member = 44, "zoe"
class Fake:
    def __init__(self): self.seen, self.loans = [], {"Q7": Loan}
    def lend(self, *args): self.seen.append(("lend",) + args); return Loan
    def take_back(self, *args):
        if args[0] == "bad": raise errors.TakeBackError("bad is in already")
        self.seen.append(("take_back",) + args); return 70
    def can_lend(self, code): return code != "out"
    def check_inventory(self): return ["Q7"]
    def oil(self): return "oiled"
fake = Fake()
"""
RULES = """
import toolshed.rules
both(toolshed.rules.Rules, ("check_out_days", "lend_days"))
"""
SHED = """
import toolshed.shed as shed_module
from toolshed.tools import Tool
both(shed_module.Shed, ("check_out", "lend"), ("check_in", "take_back"))
tools = [Tool("P4", "planer", power=True), Tool("R2", "rake"), Tool("H9", "hammer", retired=True)]
"""


def clean(*paths):
    for path in paths:
        left = sorted(set(OLD.findall(read(path))))
        assert not left, "%s still says %s" % (path, ", ".join(left))


@milestone("the shed")
def shed():
    clean("toolshed/shed.py")
    got = python(BARE + ERRORS + RULES + """
from toolshed.shed import Shed
from toolshed.tools import Tool
class Seen(list):
    def fire(self, event, tool, member, day): self.append((event, tool.code, member, day))
seen = Seen()
s = Shed([Tool("P4", "planer"), Tool("R2", "rake")], hooks=seen)
loan = s.lend("P4", "ida", 5, days=3)
answer([
    tuple(loan), s.can_lend("P4"), s.can_lend("R2"), s.check_inventory(), refused(s.lend, "P4", "jo", 6),
    refused(s.take_back, "R2", 6), refused(s.take_back, "X", 6), refused(s.take_back, "P4", 4), s.take_back("P4", 12),
    [tuple(e) for e in s.journal], [e[0] for e in seen], [hasattr(s, n) for n in ("check_out", "check_in", "can_check_out")],
])""")
    assert got[:4] == [("P4", "ida", 5, 8), False, True, ["R2"]], got
    assert got[4:9] == ["LendError", "TakeBackError", "TakeBackError", "TakeBackError", 300], got
    assert got[9:] == [[("out", "P4", "ida", 5), ("in", "P4", "ida", 12)], ["before_lend", "after_lend", "before_take_back", "after_take_back"], [False] * 3], got


@milestone("the errors")
def the_errors():
    clean("toolshed/errors.py")
    got = python(BARE + """
from toolshed import errors as e
answer([e.error_for("lend") is e.LendError, e.error_for("take_back") is e.TakeBackError, e.exit_code(e.LendError()), e.exit_code(e.TakeBackError()),
        e.exit_code(e.ShedError()), [issubclass(c, e.ShedError) for c in (e.LendError, e.TakeBackError)]])""")
    assert got == [True, True, 3, 4, 1, [True, True]], got


@milestone("the workshop's shed")
def workshop():
    clean("toolshed/workshop.py")
    got = python(BARE + ERRORS + RULES + SHED + """
from toolshed.workshop import WorkshopShed
s = WorkshopShed(tools, trained=["ida"])
out = [refused(s.lend, "P4", "jo", 1), s.lend("R2", "jo", 1).due, s.lend("P4", "ida", 1, 2).due, s.oiled[:]]
answer(out + [s.take_back("R2", 2), s.take_back("P4", 2), s.oiled, sorted(n for n in vars(WorkshopShed) if "check" in n or n in ("lend", "take_back"))])""")
    assert got == ["LendError", 8, 3, [], 0, 0, ["P4"], ["lend", "take_back"]], got


@milestone("the quota")
def quota():
    got = python(BARE + ERRORS + RULES + SHED + """
import toolshed.workshop as w
s = w.QuotaShed(tools)
w.LEND_LIMIT = 1
out = [s.lend("R2", "jo", 1).code, refused(s.lend, "P4", "jo", 1), s.held_by("jo")]
s.limit = 2
class Strict(w.QuotaMixin, w.WorkshopShed): limit = 1
t = Strict(tools, trained=["ida"])
answer(out + [s.lend("P4", "jo", 1).code, refused(s.lend, "H9", "jo", 1), refused(t.lend, "P4", "jo", 1), t.lend("P4", "ida", 1).code, refused(t.lend, "R2", "ida", 1), hasattr(w, "CHECK_OUT_LIMIT")])""")
    assert got == ["R2", "LendError", 1, "P4", "LendError", "LendError", "P4", "LendError", False], got


@milestone("the desk")
def desk():
    clean("toolshed/desk.py")
    got = python(BARE + ERRORS + FAKE + """
from toolshed import desk
actions = {"check_out": "LendError", "check_in": "TakeBackError", "lend": "LendError", "take_back": "TakeBackError"}
desk.error_for = lambda action: getattr(errors, actions[action])
said = []
out = [desk.lend(fake, "R2", "jo", 3, say=said.append).due, desk.lend(fake, "R3", "jo", 3, days=2).due, desk.take_back(fake, "R2", 9, say=said.append), desk.swap(fake, "Q7", "R9", 5).due]
answer(out + [refused(desk.swap, fake, "R2", "R9", 5), refused(desk.swap, fake, "Q7", "out", 5), said, fake.seen])""")
    assert got[:6] == [44, 44, 70, 44, "TakeBackError", "LendError"], got
    assert got[6] == ["R2 checked out by jo until day 44", "R2 checked in, 70 cents late fee"], got
    assert got[7] == [("lend", "R2", "jo", 3, None), ("lend", "R3", "jo", 3, 2), ("take_back", "R2", 9), ("take_back", "Q7", 5), ("lend", "R9", "zoe", 5)], got


@milestone("the kiosk")
def kiosk():
    clean("toolshed/kiosk.py")
    got = python(BARE + ERRORS + FAKE + """
from toolshed import desk
both(desk, ("check_out", "lend"), ("check_in", "take_back"))
import toolshed.kiosk as k
Fake.check_out, Fake.check_in = Fake.lend, Fake.take_back
kiosk = k.Kiosk(fake, "jo")
answer([kiosk.press("+", "R2", 4), kiosk.press("-", "R2", 5), kiosk.press("-", "bad", 6), hasattr(k, "pick_up"), hasattr(k, "put_down")])""")
    assert got == ["R2 checked out by jo until day 44", "R2 checked in, 70 cents late fee", "beep: bad is in already", True, True], got


@milestone("the batch")
def batch():
    clean("toolshed/batch.py")
    got = python(BARE + ERRORS + FAKE + """
from toolshed.batch import book
text = "direction,code,member,day\\nout,R2,jo,3\\nIN ,R2,,8\\nover,R2,jo,9\\nin,bad,,9\\nlend,R2,jo,9\\nout,P4,ida,x\\nout,P4,ida,12\\n"
booked, problems = book(fake, text)
answer([booked, [p.split(":")[0] for p in problems], fake.seen])""")
    assert got == [3, ["line 4", "line 5", "line 6", "line 7"], [("lend", "R2", "jo", 3), ("take_back", "R2", 8), ("lend", "P4", "ida", 12)]], got


@milestone("the hooks")
def hooks():
    clean("toolshed/hooks.py")
    got = python(BARE + """
from toolshed.hooks import EVENTS, Hooks
seen = []
h = Hooks({"after_take_back": [lambda *a: seen.append(a)]})
h.fire("after_take_back", 1, 2, 3); h.fire("before_lend", 1, 2, 3)
def refused(event):
    try: Hooks({event: []})
    except ValueError: return True
answer([set(EVENTS), seen, [refused(e) for e in ("before_check_out", "after_check_in", "after_lend")]])""")
    assert got == [{"before_lend", "after_lend", "before_take_back", "after_take_back"}, [(1, 2, 3)], [True, True, None]], got


@milestone("the notices and config/hooks.json")
def notices():
    clean("toolshed/notices.py", "config/hooks.json")
    got = python(BARE + ERRORS + SHED + """
import importlib, json
table = json.load(open("config/hooks.json"))
def function(name):
    module, _, name = name.partition(":")
    return getattr(importlib.import_module(module), name)
import toolshed.notices as n
n.WAITING["R2"] = ["kim", "lou"]
for event in ("before_lend", "after_lend", "after_take_back"):
    for name in table[event]: function(name)(tools[1], "jo", 6)
answer([{event: [x.split(":")[1] for x in names] for event, names in table.items()}, n.BOARD, n.WAITING, [refused(function(x), tools[2], "jo", 1) for x in table["before_lend"]]])""")
    assert got[0] == {"before_lend": ["refuse_lend_of_retired"], "after_lend": ["note_lend"], "after_take_back": ["note_take_back", "tell_next_in_line"]}, got
    assert got[1:] == [["day 6: rake checked out", "day 6: rake checked in", "day 6: kim may fetch rake"], {"R2": ["lou"]}, ["LendError"]], got


@milestone("the roles")
def roles():
    got = python(BARE + ERRORS + FAKE + """
import toolshed.wrappers as w
actions = {"lend": errors.LendError, "take_back": errors.TakeBackError}
w.error_for = lambda action: actions[action]
def tries(role):
    g = w.Guarded(fake, role)
    return [refused(lambda: g.check_inventory()), refused(lambda: g.lend("R2", "jo", 1)), refused(lambda: g.take_back("R2", 1)), refused(lambda: g.oil())]
answer([tries(r) for r in ("visitor", "member", "helper")] + [sorted(w.ROLES["helper"])])""")
    assert got == [[None, "LendError", "TakeBackError", "ShedError"], [None, None, "TakeBackError", "ShedError"], [None, None, None, "ShedError"], ["check_inventory", "lend", "take_back"]], got


@milestone("the recording")
def recording():
    got = python(BARE + ERRORS + FAKE + """
from toolshed.wrappers import RecordedShed
r = RecordedShed(fake)
r.lend("R2", "jo", 1); r.check_inventory(); r.can_lend("R2"); r.oil(); r.loans; r.take_back("R2", 4)
answer([r.calls, len(fake.seen)])""")
    assert got == [[("lend", ("R2", "jo", 1)), ("check_inventory", ()), ("take_back", ("R2", 4))], 2], got


@milestone("the rules and config/rules.json")
def rules():
    clean("toolshed/rules.py", "config/rules.json")
    got = python(BARE + ERRORS + """
from toolshed.rules import Rules, load_rules
a, b = Rules({"lend": {"longest": 9}, "take_back": {"free_days": 2}}), load_rules("config/rules.json")
answer([a.lend_days(), refused(a.lend_days, 10), a.fee(5), b.lend_days(21), refused(b.lend_days, 22), b.fee(3), b.fee(99),
        [refused(Rules, {name: {"days": 3}}) for name in ("check_out", "lend", "check_in")], hasattr(a, "check_out_days")])""")
    assert got == [7, "LendError", 300, 21, "LendError", 150, 1500, ["ValueError", None, "ValueError"], False], got


@milestone("the evening round")
def evening():
    clean("toolshed/evening.py")
    got = python(BARE + ERRORS + FAKE + """
from toolshed import evening as e
answer([e.empty_box(fake, ["R2", "bad"], 9), [x.due for x in e.hand_out_reserved(fake, [("out", "jo"), ("P4", "kim")], 9)], fake.seen])""")
    assert got == [({"R2": 70}, ["bad"]), [44], [("take_back", "R2", 9), ("lend", "P4", "kim", 9)]], got


@milestone("the plans")
def plans():
    clean("toolshed/planning.py")
    got = python(BARE + """
from toolshed.planning import plan, plan_preset
answer([plan(["A", "B"], 2, lend_days=4, take_back_slack=2), plan(["A", "B"], 0), plan(["A", "B"], 0, 5, 0), plan_preset("season", ["A", "B"], 1), plan_preset("weekend", ["A", "B"], 1, lend_days=5)])""")
    assert got == [[("A", 2, 6), ("B", 8, 12)], [("A", 0, 7), ("B", 8, 15)], [("A", 0, 5), ("B", 5, 10)], [("A", 1, 22), ("B", 25, 46)], [("A", 1, 6), ("B", 6, 11)]], got


@milestone("what the package exports")
def exports():
    clean("toolshed/__init__.py")
    got = python("""
import toolshed as t
answer([set(t.__all__), t.lend is t.desk.lend, t.take_back is t.desk.take_back, [n for n in t.__all__ if not hasattr(t, n)], [n for n in dir(t) if n.startswith("check_")]])""")
    assert got == [{"LendError", "Loan", "QuotaShed", "Shed", "ShedError", "TakeBackError", "Tool", "WorkshopShed", "check_outdoor", "lend", "plan", "take_back"}, True, True, [], ["check_outdoor"]], got


@milestone("the command line")
def command_line():
    clean("toolshed/cli.py")
    done = run("""
exec 2>&1; S=/tmp/hidden-state.json; rm -f $S; t() { python3 -B -m toolshed --state $S "$@"; echo "= $?"; }
t lend L1 jo --day 2 --days 5; t lend L1 kim --day 3; t list; t take-back L1 --day 9; t take-back L1 --day 9; rm -f $S""")
    lines = done.stdout.splitlines()
    assert lines == ["L1 checked out by jo until day 7", "= 0", "refused: L1 is out until day 7", "= 3", "D1 S1", "= 0", "L1 checked in, 100 cents late fee", "= 0", "refused: L1 is in already", "= 4"], lines
    done = run("for verb in check-out check-in lend; do python3 -B -m toolshed --state /tmp/hidden-none.json $verb D1 jo --day 1 > /dev/null 2>&1; echo $?; done; rm -f /tmp/hidden-none.json")
    assert done.stdout.split() == ["2", "2", "0"], done


@milestone("the evening's script")
def script():
    clean("scripts/evening.sh")
    done = run("""
d=$(mktemp -d); printf '#!/bin/sh\\necho "$@"\\n' > $d/python3; chmod +x $d/python3; printf 'R2\\nP4\\n' > $d/box
PATH=$d:$PATH STATE=s.json sh scripts/evening.sh $d/box 12; rm -rf $d""")
    assert done.stdout.splitlines() == ["-m toolshed --state s.json take-back %s --day 12" % code for code in ("R2", "P4")], done


@milestone("the docs")
def docs():
    clean("README.md", "docs/api.md")
    readme, api = read("README.md"), read("docs/api.md")
    for text, words in ((readme, ("lend(", "take_back(", "toolshed lend D1", "take-back D1", "Shed.lend")), (api, ("Shed.lend(code, member, day, days=None)", "Shed.take_back(code, day)", "LendError", "TakeBackError", "can_lend", "LEND_LIMIT", "before_lend", "after_take_back", "lend_days=7", "take_back_slack=1", "toolshed lend", "take-back D1", "check_inventory", "check_outdoor", "D1 checked out by ana"))):
        gone = [word for word in words if word not in text]
        assert not gone, "not in the docs: %s" % gone


@milestone("the tests speak the new names")
def tests():
    paths = ["tests/test_sheds.py", "tests/test_around.py"]
    clean(*paths)
    texts = [read(path) for path in paths]
    assert all(len(re.findall(r"^ +def test_", text, re.M)) >= n for text, n in zip(texts, (10, 9))), "fewer cases than before"
    assert "skip" not in "".join(texts)
    assert "take_back" in texts[0] and "lend" in texts[0] and "take-back" in texts[1] and "hand_out_reserved" in texts[1]


@check("the visible suite is green")
def suite():
    got = python("""
import contextlib, io, unittest
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.discover("."))
answer((result.wasSuccessful(), result.testsRun >= 21, len(result.skipped)))""")
    assert got == (True, True, 0), got


@check("no old name is left anywhere")
def gone():
    left = []
    for folder, folders, files in os.walk("."):
        folders[:] = [f for f in folders if not f.startswith(".") and f != "__pycache__"]
        left += [os.path.join(folder, f) for f in files if not f.startswith(".") and not f.endswith(".pyc") and OLD.search(read(os.path.join(folder, f)))]
    assert not left, "old names in %s" % sorted(left)


@check("what only looks alike, and what members read, stays")
def stays():
    got = python("""
from toolshed import Shed, Tool, check_outdoor
from toolshed.report import busiest_member, week
from toolshed.shed import Entry
s = Shed([Tool("B", "b", outdoor=True), Tool("A", "a")])
journal = [Entry("out", "A", "jo", 1), Entry("in", "A", "jo", 2), Entry("out", "A", "jo", 9)]
answer([s.check_inventory(), check_outdoor(s.tools["B"], winter=True), check_outdoor(s.tools["A"], True), week(journal, 0), busiest_member(journal)])""")
    assert got == [["A", "B"], False, True, ["checked out: 1 (A 1)", "checked in: 1 (A 1)"], "jo"], got


decide()
