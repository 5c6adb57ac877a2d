from judge import check, decide, milestone, python, run

# A repository that knows the harbour of everything, so that its callers can be looked at alone.
FAKES = """
import sys, types
from types import SimpleNamespace as N
def hire(number, boat, guest, day, hours, cents, harbour, back=False):
    return N(number=number, boat=boat, guest=guest, day=day, hours=hours, cents=cents, harbour=harbour, back=back)
HIRES = [hire(1, "K1", "ana", 4, 2, 500, "main"), hire(1, "K1", "bo", 4, 7, 300, "river"), hire(2, "T1", "kim", 4, 1, 90, "river"), hire(3, "T1", "lou", 5, 9, 80, "river")]
KINDS = {("main", "K1"): "kayak", ("river", "K1"): "canoe", ("river", "T1"): "tub"}
class Repository:
    def __init__(self): self.seen = []
    def boats(self, kind=None, harbour="main"): return [N(code=c, kind=k, harbour=h) for (h, c), k in sorted(KINDS.items()) if h == harbour and kind in (None, k)]
    def boat(self, code, harbour="main"): return N(code=code, kind=KINDS[harbour, code], harbour=harbour)
    def hires(self, day=None, harbour="main"): return [h for h in HIRES if h.harbour == harbour and day in (None, h.day)]
    def held_by(self, guest): return 0
    def add_hire(self, boat, guest, day, hours, cents, harbour="main"): self.seen.append(("add", boat, cents, harbour)); return hire(8, boat, guest, day, hours, cents, harbour)
    def close_hire(self, number, harbour="main"): self.seen.append(("close", number, harbour)); return hire(number, "K1", "bo", 4, 7, 300, harbour, True)
repository = Repository()
"""
SERVICE = FAKES + """
import boathire.pricing
boathire.pricing.price = lambda tariffs, kind, day, hours, harbour="main": {"main": 10, "river": 1000}[harbour] * hours
class Cache:
    def __init__(self): self.seen = []
    def value(self, what, day, detail, make, harbour="main"): self.seen.append((what, harbour)); return make()
    def forget_day(self, day, harbour="main"): self.seen.append(("forget", day, harbour))
class Queue:
    seen = []
    def put(self, job, harbour="main", **arguments): self.seen.append((job, harbour, arguments))
class Audit:
    seen = []
    def write(self, action, *words, harbour="main"): self.seen.append((action, words, harbour))
from boathire.service import HireService
cache, queue, audit = Cache(), Queue(), Audit()
service = HireService(repository, {}, cache, queue, audit)
"""
STORE = """
import json, os, tempfile
from boathire.model import Refused
from boathire.repository import Repository
path = os.path.join(tempfile.mkdtemp(), "fleet.json")
def boat(code, kind, **more): return {"code": code, "kind": kind, "seats": 2, **more}
def hired(number, boat, guest, day, **more): return {"number": number, "boat": boat, "guest": guest, "day": day, "hours": 1, "cents": 5, "back": False, **more}
with open(path, "w") as file:
    json.dump({"boats": [boat("K1", "kayak"), boat("K1", "canoe", harbour="lake"), boat("B2", "tub", harbour="lake"), boat("T1", "tub", harbour="main")],
        "hires": [hired(6, "K1", "ana", 4), hired(2, "K1", "bo", 4, harbour="lake"), hired(1, "B2", "bo", 5, harbour="lake", back=True)]}, file)
r = Repository(path)
def refused(f, *args, **kwargs):
    try: f(*args, **kwargs)
    except Refused: return True
def hires(*args, r=r, **kwargs): return [(h.number, h.boat, h.guest) for h in r.hires(*args, **kwargs)]
"""
DATA = """
d=$(mktemp -d); cp data/tariffs.json $d; export PYTHONDONTWRITEBYTECODE=1
cat > $d/fleet.json
b() { python3 -m boathire --data $d "$@" 2>&1 | sed "s:$d/::"; echo "= ${PIPESTATUS[0]}"; }
"""
FLEET = '{"boats": [{"code": "R1", "kind": "rowing", "seats": 3}, {"code": "P1", "kind": "pedal", "seats": 4}%s], "hires": []}'
ELSEWHERE = ', {"code": "R1", "kind": "raft", "seats": 6, "harbour": "lake"}, {"code": "R9", "kind": "rowing", "seats": 2, "harbour": "lake"}, {"code": "P1", "kind": "pedal", "seats": 4, "harbour": "river"}'


@milestone("the harbours")
def harbours():
    got = python("""
import os, sys
sys.path.insert(0, os.getcwd())
os.chdir("/")
from boathire import harbours as h
def why(f):
    try: return f("moon")
    except ValueError as e: return type(e).__name__, str(e)
answer([[h.name(x) for x in ("main", "lake", "river")], h.known(), h.check("river"), why(h.check)])""")
    assert got == [["Old Quay", "Lake Jetty", "Mill Weir"], ["lake", "main", "river"], "river", ("UnknownHarbour", "unknown harbour: moon (known: lake, main, river)")], got


@milestone("the nouns")
def nouns():
    got = python("""
from boathire.model import Boat, Hire, describe
a, b = Hire(3, "K1", "ana", 4, 2, 500), Hire(5, "T1", "bo", 4, 1, 90, True, "river")
answer([a.harbour, b.harbour, Boat("K1", "kayak", 2).harbour, Boat("K1", "kayak", 2, "lake").harbour, describe(a), describe(b)])""")
    assert got == ["main", "river", "main", "lake", "3: K1 for ana, 2 h", "5: river/T1 for bo, 1 h"], got


@milestone("the repository reads by harbour")
def reads():
    got = python(STORE + """
answer([[(b.code, b.kind) for b in r.boats(harbour=h)] for h in ("main", "lake", "river")] + [[b.code for b in r.boats("tub", harbour="lake")], r.boat("K1", harbour="lake").kind, r.boat("K1").kind,
    refused(r.boat, "T1", harbour="lake"), refused(r.boat, "B2"), hires(), hires(harbour="lake"), hires(4, harbour="lake"), hires(4), hires(5), r.boats(harbour="lake")[0].harbour])""")
    assert got == [[("K1", "kayak"), ("T1", "tub")], [("B2", "tub"), ("K1", "canoe")], [], ["B2"], "canoe", "kayak", True, True, [(6, "K1", "ana")], [(1, "B2", "bo"), (2, "K1", "bo")], [(2, "K1", "bo")], [(6, "K1", "ana")], [], "lake"], got


@milestone("the repository writes by harbour")
def writes():
    got = python(STORE + """
out = [r.add_hire("K1", "kim", 9, 1, 5, harbour=h).number for h in ("lake", "river", "main", "lake")]
out += [r.close_hire(2, harbour="lake").guest, refused(r.close_hire, 2), refused(r.close_hire, 2, harbour="lake"), refused(r.close_hire, 7, harbour="lake"), r.close_hire(7).guest]
again = Repository(path)
answer(out + [hires(r=again), hires(r=again, harbour="lake"), hires(r=again, harbour="river"), [b.kind for b in again.boats(harbour="lake")], again.held_by("kim"), again.held_by("bo"), [h.back for h in again.hires(harbour="lake")]])""")
    assert got == [3, 1, 7, 4, "bo", True, True, True, "kim", [(6, "K1", "ana"), (7, "K1", "kim")], [(1, "B2", "bo"), (2, "K1", "bo"), (3, "K1", "kim"), (4, "K1", "kim")], [(1, "K1", "kim")], ["tub", "canoe"], 3, 0, [True, True, False, False]], got


@milestone("prices")
def prices():
    got = python("""
from boathire.model import Refused
from boathire.pricing import price
t = {"kinds": {"kayak": 1000, "tub": 300}, "weekend_percent": 10, "harbours": {"lake": {"kinds": {"kayak": 800, "raft": 50}}, "river": {"weekend_percent": 50, "kinds": {}}}}
def p(*args, **kwargs):
    try: return price(t, *args, **kwargs)
    except Refused: return "refused"
answer([p("kayak", 0, 6, harbour="lake"), p("kayak", 5, 1, harbour="lake"), p("tub", 5, 1, harbour="lake"), p("raft", 0, 2, harbour="lake"), p("raft", 0, 2), p("raft", 0, 2, harbour="river"), p("kayak", 6, 1, harbour="river"), p("kayak", 6, 1, harbour="moor"), p("kayak", 6, 1), p("tub", 0, 0, harbour="lake"), price({"kinds": t["kinds"], "weekend_percent": 0}, "tub", 0, 1, harbour="lake")])""")
    assert got == [4000, 880, 330, 100, "refused", "refused", 1500, 1100, 1100, "refused", 300], got


@milestone("the cache keeps harbours apart")
def cache_values():
    got = python("""
from boathire.cache import Cache
c = Cache()
ask = lambda n, *args, **kwargs: c.value(*args, lambda: n, **kwargs)
answer([ask(1, "free", 1, None), ask(2, "free", 1, None, harbour="lake"), ask(3, "free", 1, None, harbour="main"), ask(4, "free", 1, None, harbour="lake"), ask(5, "free", 1, "lake"), ask(6, "free", 11, None, harbour="lake"), ask(7, "quote", 1, None, harbour="river"), ask(8, "quote", 1, None, harbour="river"), c.hits])""")
    assert got == [1, 2, 1, 2, 5, 6, 7, 7, 3], got


@milestone("the cache forgets in one harbour")
def cache_forgets():
    got = python("""
from boathire.cache import Cache
c = Cache()
for n, (day, harbour) in enumerate([(1, "main"), (1, "lake"), (11, "lake"), (2, "lake"), (1, "river")]):
    c.value("free", day, None, lambda: n, harbour=harbour); c.value("quote", day, ("a/b", 1), lambda: n, harbour=harbour)
out = [c.forget_day(1, harbour="lake"), c.forget_day(1, harbour="lake"), len(c.kept)]
out += [c.value("free", day, None, lambda: "new", harbour=harbour) for day, harbour in [(1, "main"), (1, "lake"), (11, "lake"), (2, "lake"), (1, "river")]]
answer(out + [c.forget_day(1), len(c.kept)])""")
    assert got == [2, 0, 8, 0, "new", 2, 3, 4, 2, 7], got


@milestone("the service asks for a harbour")
def service_asks():
    got = python(SERVICE + """
answer([service.free_boats(4, harbour="river"), service.free_boats(5, harbour="river"), service.free_boats(5, "canoe", harbour="river"), service.free_boats(4), service.quote("tub", 4, 3, harbour="river"), service.quote("tub", 4, 3), cache.seen])""")
    assert got == [[], ["K1"], ["K1"], [], 3000, 30, [("free", "river")] * 3 + [("free", "main"), ("quote", "river"), ("quote", "main")]], got


@milestone("the service acts in a harbour")
def service_acts():
    got = python(SERVICE + """
h = service.hire("K1", "zoe", 5, 2, harbour="river")
out = [h.harbour, h.cents, [x for x in cache.seen if x[0] == "forget"]]
b = service.give_back(1, harbour="river")
answer(out + [repository.seen, [x for x in cache.seen if x[0] == "forget"][1:], queue.seen, audit.seen, {x[-1] for x in cache.seen}])""")
    assert got == ["river", 2000, [("forget", 5, "river")], [("add", "K1", 2000, "river"), ("close", 1, "river")], [("forget", 4, "river")], [("remind", "river", {"number": 8})], [("hire", ("K1", "zoe"), "river"), ("back", ("K1", "bo"), "river")], {"river"}], got


@milestone("the limit of boats holds over all harbours")
def limit():
    got = python(STORE + """
from boathire.cache import Cache
from boathire.service import HireService
s = HireService(r, {"kinds": {"kayak": 100, "tub": 300, "canoe": 20}, "weekend_percent": 10}, Cache())
out = [s.hire("T1", "ana", 4, 1).number, refused(s.hire, "B2", "ana", 4, 1, harbour="lake"), s.hire("B2", "bo", 4, 1, harbour="lake").number, refused(s.hire, "T1", "bo", 6, 1)]
s.give_back(6)
answer(out + [s.hire("K1", "ana", 6, 1, harbour="lake").number, s.free_boats(4), s.free_boats(4, harbour="lake")])""")
    assert got == [7, True, 3, True, 4, ["K1"], []], got


@milestone("jobs keep their harbour")
def jobs():
    got = python("""
import json, os, tempfile
from boathire.jobs import JobQueue
path = os.path.join(tempfile.mkdtemp(), "jobs.json")
with open(path, "w") as file: json.dump([{"job": "a", "arguments": {"day": 1}}, {"job": "bad", "arguments": {}}], file)
q = JobQueue(path)
q.put("a", harbour="lake", day=2); q.put("a", day=3); q.put("bad", harbour="river")
kept = [e.get("harbour") for e in q.waiting()][2]
def a(day, harbour): return day, harbour
def bad(harbour): raise ValueError("no " + harbour)
out = [kept, *JobQueue(path).run_all({"a": a, "bad": bad})]
answer(out + [*JobQueue(path).run_all({"a": a, "bad": bad})])""")
    assert got == ["lake", [(1, "main"), (2, "lake"), (3, "main")], ["bad: no main", "bad: no river"], [], ["bad: no main", "bad: no river"]], got


@milestone("the actions of jobs")
def background():
    got = python(FAKES + """
from boathire import notify, render, reports
notify.reminder = lambda hire: "%s %s" % (hire.guest, hire.harbour)
notify.report_mail = lambda text, day, harbour="main": "mail %s %s %s" % (text, day, harbour)
render.text = lambda totals, day, harbour="main": "text %s %s" % (totals, harbour)
reports.day_totals = lambda repository, day, harbour="main": "totals %s" % harbour
from boathire.background import actions
sent = []
run = actions(repository, sent.append)
run["remind"](number=1, harbour="river"); run["remind"](number=1); run["report"](day=4, harbour="lake"); run["report"](day=4)
try: run["remind"](number=3)
except Exception as e: sent.append(type(e).__name__)
answer(sent)""")
    assert got == ["bo river", "ana main", "mail text totals lake lake 4 lake", "mail text totals main main 4 main", "Refused"], got


@milestone("mails")
def mails():
    got = python("""
from types import SimpleNamespace as N
from boathire import notify as n
h = lambda harbour: N(number=1, guest="kim", boat="T1", day=9, hours=2, cents=5, back=False, harbour=harbour)
answer([n.reminder(h("river")), n.reminder(h("main")), n.report_mail("t", 9, harbour="lake"), n.report_mail("t", 9)])""")
    assert got == ["kim: boat T1 waits for you at Mill Weir on day 9, for 2 h.", "kim: boat T1 waits for you at Old Quay on day 9, for 2 h.", "Subject: report of day 9 at Lake Jetty\n\nt", "Subject: report of day 9\n\nt"], got


@milestone("figures")
def figures():
    got = python(FAKES + """
from boathire import reports as r
answer([r.day_totals(repository, 4, harbour="river"), r.day_totals(repository, 4), r.busiest_boat(repository, harbour="river"), r.busiest_boat(repository), r.busiest_boat(repository, harbour="lake")])""")
    assert got == [{"hires": 2, "hours": 8, "cents": 390, "kinds": {"canoe": 1, "tub": 1}}, {"hires": 1, "hours": 2, "cents": 500, "kinds": {"kayak": 1}}, "T1", "K1", None], got


@milestone("rendered reports")
def rendered():
    got = python("""
from boathire import render as r
t = {"hires": 1, "hours": 2, "cents": 905, "kinds": {"tub": 1}}
answer([r.text(t, 9, harbour="river"), r.html(t, 9, harbour="lake"), r.text(t, 9), r.html(t, 9)])""")
    row = "<table><tr><td>tub</td><td>1</td></tr></table><p>9.05</p>"
    rest = "\n1 hires, 2 h, 9.05\n  tub: 1"
    titles = ["Boat hire at Mill Weir, day 9", "Boat hire at Lake Jetty, day 9", "Boat hire, day 9"]
    assert got == [titles[0] + "\n" + "=" * 29 + rest, "<title>%s</title><h1>%s</h1>" % (titles[1], titles[1]) + row, titles[2] + "\n" + "=" * 16 + rest, "<title>%s</title><h1>%s</h1>" % (titles[2], titles[2]) + row], got


@milestone("exports")
def exports():
    got = python(FAKES + """
from boathire import export as e
answer([e.rows(repository, 4, harbour="river"), e.csv_text(repository, 5, harbour="river"), e.csv_text(repository, 4), e.file_name(4, harbour="river"), e.file_name(4)])""")
    head = "number,boat,kind,guest,hours,cents\n"
    assert got == [[(1, "K1", "canoe", "bo", 7, 300), (2, "T1", "tub", "kim", 1, 90)], head + "3,T1,tub,lou,9,80\n", head + "1,K1,kayak,ana,2,500\n", "hires-river-4.csv", "hires-4.csv"], got


@milestone("the audit")
def audit():
    got = python("""
import os, tempfile
from boathire.audit import Audit
path = os.path.join(tempfile.mkdtemp(), "a.log")
a = Audit(path)
a.write("hire", "K1", 3, harbour="river"); a.write("back", "K1"); a.write("count", harbour="lake")
answer([a.lines, open(path).read()])""")
    assert got == [["river: hire K1 3", "back K1", "lake: count"], "river: hire K1 3\nback K1\nlake: count\n"], got


@milestone("the API")
def api():
    got = python(SERVICE + """
from boathire import reports
reports.day_totals = lambda repository, day, harbour="main": {"day": day, "harbour": harbour}
class Service:
    repository = repository
    def free_boats(self, day, kind=None, harbour="main"): return [day, kind, harbour]
    def quote(self, kind, day, hours, harbour="main"): return [kind, day, hours, harbour]
    def hire(self, code, guest, day, hours, harbour="main"): return hire(1, code, guest, day, hours, harbour, harbour)
from boathire.api import handle
s = Service()
answer([handle(s, q) for q in ("/free?day=3&harbour=lake", "/free?day=3&kind=tub", "/quote?kind=tub&day=3&hours=2&harbour=river", "/hire?boat=T1&guest=kim&day=3&hours=1&harbour=river", "/report?day=3&harbour=lake", "/report?day=3", "/report?day=3&harbour=moon", "/free?harbour=lake")])""")
    assert got[:6] == [(200, {"free": [3, None, "lake"]}), (200, {"free": [3, "tub", "main"]}), (200, {"cents": ["tub", 3, 2, "river"]}), (200, {"number": 1, "cents": "river"}), (200, {"day": 3, "harbour": "lake"}), (200, {"day": 3, "harbour": "main"})], got
    assert got[6] == (404, {"error": "unknown harbour: moon (known: lake, main, river)"}) and got[7][0] == 400, got


@milestone("the command line")
def command_line():
    done = run(DATA + """
b --harbour lake hire R1 ana 5 2; b hire R1 ana 5 1; b --harbour lake free 5; b free 5; b --harbour river free 5 --kind pedal; b --harbour lake report 5 --later; b --harbour lake export 5; b --harbour moon free 5
b --harbour lake report 5 --html; b jobs; b --harbour river back 1; b --harbour lake back 1; b --harbour lake free 5; cat $d/hires-lake-5.csv $d/audit.log; rm -r $d""", stdin=FLEET % ELSEWHERE)
    got = done.stdout.splitlines()
    want = """1: lake/R1 for ana, 2 h, 9.60
= 0
1: R1 for ana, 1 h, 10.80
= 0
R9
= 0
P1
= 0
P1
= 0
= 0
hires-lake-5.csv
= 0
unknown harbour: moon (known: lake, main, river)
= 2
<title>Boat hire at Lake Jetty, day 5</title><h1>Boat hire at Lake Jetty, day 5</h1><table><tr><td>raft</td><td>1</td></tr></table><p>9.60</p>
= 0
ana: boat R1 waits for you at Lake Jetty on day 5, for 2 h.
ana: boat R1 waits for you at Old Quay on day 5, for 1 h.
Subject: report of day 5 at Lake Jetty

Boat hire at Lake Jetty, day 5
==============================
1 hires, 2 h, 9.60
  raft: 1
done
= 0
refused: there is no open hire 1
= 1
1: lake/R1 for ana, 2 h
= 0
R1 R9
= 0
number,boat,kind,guest,hours,cents
1,R1,raft,ana,2,960
lake: hire R1 ana
hire R1 ana
lake: back R1 ana""".splitlines()
    assert got == want, [(g, w) for g, w in zip(got + [""] * len(want), want) if g != w][:3]


@check("without a harbour all is as before")
def as_before():
    done = run(DATA + """
b hire R1 ana 5 6; b hire P1 bo 5 1; b free 5; b free 6; b report 5; b export 5; b jobs; b back 1; b back 1; b report 5 --later; b jobs; cat $d/hires-5.csv $d/audit.log; rm -r $d""", stdin=FLEET % "")
    report = "Boat hire, day 5\n================\n2 hires, 7 h, 68.40\n  pedal: 1\n  rowing: 1\n"
    want = "1: R1 for ana, 6 h, 54.00\n= 0\n2: P1 for bo, 1 h, 14.40\n= 0\n\n= 0\nP1 R1\n= 0\n" + report + "= 0\nhires-5.csv\n= 0\n"
    want += "ana: boat R1 waits for you at Old Quay on day 5, for 6 h.\nbo: boat P1 waits for you at Old Quay on day 5, for 1 h.\ndone\n= 0\n1: R1 for ana, 6 h\n= 0\nrefused: there is no open hire 1\n= 1\n= 0\n"
    want += "Subject: report of day 5\n\n" + report + "done\n= 0\nnumber,boat,kind,guest,hours,cents\n1,R1,rowing,ana,6,5400\n2,P1,pedal,bo,1,1440\nhire R1 ana\nhire P1 bo\nback R1 ana\n"
    assert done.stdout == want, done.stdout


@check("the visible suite is green")
def suite():
    got = python("""
import contextlib, io, unittest
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.discover("."))
answer((result.wasSuccessful(), result.testsRun >= 15, len(result.skipped)))""")
    assert got == (True, True, 0), got


decide()
