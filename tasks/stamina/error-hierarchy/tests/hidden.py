from judge import check, decide, milestone, python, run

HEAD = """
import os, tempfile
def e(f, *args, **named):
    try: return f(*args, **named)
    except Exception as x: return [type(x).__name__, str(x)]
folder = tempfile.mkdtemp()
def file(name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f: f.write(text)
    return path
CARD = "4111222233334444"
"""


def ask(code):
    return python(HEAD + code)


def missing(kind, name):
    return ["NotFoundError", f"no {kind} {name}"]


@milestone("the hierarchy: classes, codes and messages")
def hierarchy():
    got = ask("""
from ferry import errors as x
made = [x.FerryError("a"), x.ConfigError("k", "bad"), x.NotFoundError("bus", 7), x.InvalidError("f", "v'", "w"), x.CapacityError("D"), x.SeatTakenError("D", "1A"), x.PaymentError(5),
        x.CardDeclined(6), x.LimitExceeded(7, 3), x.VoucherError("V", "used"), x.StorageError("/p", "full"), x.StateError(4, "gone"), x.NotifyError("a@b")]
answer([[(str(m), m.code, type(m).code) for m in made], [isinstance(m, x.FerryError) for m in made].count(True),
        [issubclass(*pair) for pair in ((x.NotFoundError, LookupError), (x.InvalidError, ValueError), (x.StorageError, OSError), (x.SeatTakenError, x.CapacityError), (x.CardDeclined, x.PaymentError), (x.LimitExceeded, x.PaymentError), (x.FerryError, Exception))]])""")
    assert got[0] == [(text, code, code) for text, code in (
        ("a", 1), ("k: bad", 3), ("no bus 7", 4), ("f \"v'\": w", 5), ("departure D is full", 6), ("seat 1A of D is taken", 6), ("payment of 5 failed", 7), ("card declined for 6", 7),
        ("7 is above the limit of 3", 7), ("voucher V is used", 8), ("/p: full", 9), ("booking 4 is gone", 10), ("cannot reach a@b", 11))], got  # fmt: skip
    assert got[1:] == [13, [True] * 7], got


@milestone("the hierarchy: attributes")
def attributes():
    got = ask("""
from ferry import errors as x
def has(m, *names): return [getattr(m, n) for n in names]
answer([has(x.ConfigError("k", "bad"), "key", "why"), has(x.NotFoundError("bus", 7), "kind", "name"), has(x.InvalidError("f", 3, "w"), "field", "value", "why"), has(x.CapacityError("D"), "departure"),
        has(x.SeatTakenError("D", "1A"), "departure", "seat"), has(x.PaymentError(5), "amount"), has(x.CardDeclined(6), "amount"), has(x.LimitExceeded(7, 3), "amount", "limit"),
        has(x.VoucherError("V", "used"), "voucher", "reason"), has(x.StorageError("/p", "full"), "path", "why"), has(x.StateError(4, "gone"), "number", "state"), has(x.NotifyError("a@b"), "address")])""")
    assert got == [["k", "bad"], ["bus", 7], ["f", 3, "w"], ["D"], ["D", "1A"], [5], [6], [7, 3], ["V", "used"], ["/p", "full"], [4, "gone"], ["a@b"]], got


@milestone("config")
def config():
    got = ask("""
from ferry import config as c
path = file("a.conf", "# x\\n\\nlimit = 5\\nname = a = b # c\\nwrong\\n")
good = c.load(file("b.conf", "limit = 05\\nrows = -1\\nname=a = b # c\\nempty =\\n"))
answer([e(c.load, "/none/x.conf"), e(c.load, path), good, e(c.number, good, "limit"), e(c.text, good, "name"), e(c.text, good, "empty"), e(c.text, good, "zzz"), e(c.number, good, "zzz"), e(c.number, good, "rows"), e(c.number, good, "empty"), e(c.number, {"n": "1.5"}, "n")])""")
    assert got[:2] == [["ConfigError", "file: /none/x.conf is missing"], ["ConfigError", "line 5: there is no ="]], got
    assert got[2:6] == [{"limit": "05", "rows": "-1", "name": "a = b", "empty": ""}, 5, "a = b", ""], got
    assert got[6:] == [["ConfigError", "zzz: it is missing"]] * 2 + [["ConfigError", f"{k}: {v!r} is no whole number from 0"] for k, v in (("rows", "-1"), ("empty", ""), ("n", "1.5"))], got


@milestone("ports")
def ports():
    got = ask("""
from ferry import ports as p
answer([e(p.find, "QQ"), e(p.find, "lomby"), p.find("lb").name, e(p.miles, "QQ", "ZZ"), e(p.miles, "HV", "ZZ"), e(p.miles, "LB", "OY"), p.miles("sk", "HV"), p.miles("LB", "LB")])""")
    assert got == [missing("port", "QQ"), missing("port", "lomby"), "Lomby", missing("port", "QQ"), missing("port", "ZZ"), missing("connection", "LB-OY"), 31, 0], got


@milestone("the timetable")
def timetable():
    got = ask("""
from ferry.timetable import Departure as D, Timetable
t = Timetable([D("b", "X-Y", "09:00", 1), D("a", "X-Y", "08:00", 1), D("c", "Y-X", "07:00", 1)])
answer([e(t.departure, "z"), t.departure("c").time, t.next_after("X-Y", "07:59").number, t.next_after("X-Y", "08:00").number, e(t.next_after, "X-Y", "09:00"), e(t.next_after, "Y-X", "23:59"), e(t.next_after, "Q-Q", "08:00"),
        e(t.next_after, "X-Y", "8:00"), e(t.next_after, "X-Y", "noon"), e(t.next_after, "X-Y", "08:00:00")])""")
    assert got[:4] == [missing("departure", "z"), "07:00", "a", "b"], got
    assert got[4:] == [None, None, missing("route", "Q-Q")] + [["InvalidError", f"time {v!r}: HH:MM is needed"] for v in ("8:00", "noon", "08:00:00")], got


@milestone("fares")
def fares():
    got = ask("""
from ferry.fares import fare as f
answer([e(f, "HV-XX", "adult"), e(f, "OY-SK", "senior"), e(f, "XX", "senior"), f("HV-SK", "infant"), f("OY-SK", "infant"), f("HV-OY", "child")])""")
    assert got == [missing("route", "HV-XX"), ["InvalidError", "category 'senior': adult, child or infant"], missing("route", "XX"), 0, 250, 600], got


@milestone("seats")
def seats():
    got = ask("""
from ferry.seats import SeatMap
s = SeatMap("F9", 2)
said = [e(s.take, "2D"), e(s.take, "2D"), e(s.take, "3A"), e(s.release, "1A"), e(s.release, "2D"), e(s.release, "2D"), e(s.release, "0A"), s.free(), e(s.take, "2D"), s.take_any()]
while s.free(): s.take_any()
answer([said, e(s.take_any), e(SeatMap("E", 0).take_any)])""")
    assert got[0] == [None, ["SeatTakenError", "seat 2D of F9 is taken"], missing("seat", "3A"), None, None, None, missing("seat", "0A"), 8, None, "1A"], got
    assert got[1:] == [["CapacityError", "departure F9 is full"], ["CapacityError", "departure E is full"]], got


@milestone("passengers")
def passengers():
    got = ask("""
from ferry.passengers import parse
def p(text):
    r = e(parse, text)
    return r if type(r) is list else (type(r).__name__, r.name, r.address, r.category)
answer([p(t) for t in (" Ann Mary Li  <a@b> infant ", "Ann", "Ann <ab> adult", "Ann <ab> dog", "Ann <a@b> dog", "<a@b> adult", "")])""")
    shape = "NAME <ADDRESS> CATEGORY is needed"
    assert got == [
        ("Passenger", "Ann Mary Li", "a@b", "infant"), ["InvalidError", f"passenger 'Ann': {shape}"], ["InvalidError", "address 'ab': there is no @"], ["InvalidError", "address 'ab': there is no @"],
        ["InvalidError", "category 'dog': adult, child or infant"], ["InvalidError", f"passenger '<a@b> adult': {shape}"], ["InvalidError", f"passenger '': {shape}"]], got  # fmt: skip


@milestone("vouchers")
def vouchers():
    got = ask("""
from ferry.vouchers import Vouchers
v = Vouchers({"A": (300, "2026-01-31"), "B": (5, "2026-01-01")})
answer([e(v.redeem, "Z", 9, "2026-01-01"), e(v.redeem, "B", 9, "2026-01-02"), v.is_used("B"), e(v.redeem, "B", 9, "2026-01-01"), e(v.redeem, "B", 9, "2026-01-02"), e(v.redeem, "A", 100, "2026-01-31"), e(v.redeem, "A", 100, "2026-01-31"),
        e(v.restore, "A"), e(v.restore, "Z"), e(v.restore, "A"), e(v.redeem, "A", 301, "2026-01-01")])""")
    used = lambda code, why: ["VoucherError", f"voucher {code} is {why}"]  # noqa: E731
    assert got == [missing("voucher", "Z"), used("B", "expired"), False, 4, used("B", "used"), 0, used("A", "used"), None, missing("voucher", "Z"), None, 1], got


@milestone("payments")
def payments():
    got = ask("""
from ferry.payments import Payments
p = Payments(500)
bad = "4111222233330000"
answer([e(p.charge, CARD, 500), e(p.charge, CARD, 501), e(p.charge, bad, 9), e(p.charge, bad, 999), e(p.charge, bad, 0), e(p.charge, "41", 0), e(p.charge, "x" * 16, 9), e(p.charge, CARD, 7), p.charged(),
        e(p.refund, "R1"), e(p.refund, "R1"), e(p.refund, "Q"), p.charged(), hasattr(p, "last_receipt")])""")
    card = lambda v: ["InvalidError", f"card {v!r}: 16 digits are needed"]  # noqa: E731
    limit = lambda n: ["LimitExceeded", f"{n} is above the limit of 500"]  # noqa: E731
    assert got == ["R1", limit(501), ["CardDeclined", "card declined for 9"], limit(999), None, card("41"), card("x" * 16), "R2", 507, 500, missing("receipt", "R1"), missing("receipt", "Q"), 7, False], got


@milestone("the store")
def store():
    got = ask("""
from ferry.store import Store
from ferry.errors import StorageError
s = Store(folder)
saved = e(s.save, {"number": 5, "x": [1]})
path = file("6.json", "{'a': 1}")
os.mkdir(os.path.join(folder, "7.json"))
def cause(f, *args):
    try: f(*args)
    except StorageError as x: return [x.path, x.why == str(x.__cause__), isinstance(x.__cause__, (OSError, ValueError)) and not isinstance(x.__cause__, StorageError), str(x) == f"{x.path}: {x.why}"]
answer([saved, s.load(5), e(s.load, 8), cause(s.load, 6) == [path, True, True, True], cause(s.load, 7) == [os.path.join(folder, "7.json"), True, True, True],
        cause(Store("/none/at/all").save, {"number": 2}) == ["/none/at/all/2.json", True, True, True], cause(s.save, {"number": 7})[1:], s.numbers(), s.next_number(), e(Store("/none").load, 1)])""")
    assert got == [None, {"number": 5, "x": [1]}, missing("booking", 8), True, True, True, [True] * 3, [5, 6, 7], 8, missing("booking", 1)], got


@milestone("messages")
def messages():
    got = ask("""
from ferry.notify import Notifier
n = Notifier(["x@y"])
answer([e(n.send, "x@y", "a"), e(n.send, "nowhere", "a"), e(n.send, "a@y", "hello"), n.sent])""")
    assert got == [["NotifyError", "cannot reach x@y"], ["NotifyError", "cannot reach nowhere"], None, [("a@y", "hello")]], got


@milestone("the planner")
def planner():
    got = ask("""
from ferry.planner import cheapest, first_free
from ferry.seats import SeatMap
answer([e(cheapest, ["LB-HV", "HV-OY", "HV-SK"], "infant"), e(cheapest, ["OY-SK", "Q"], "adult"), e(cheapest, ["Q", "Z"], "child"), e(cheapest, [], "child"), e(cheapest, ["HV-OY"], "dog"), e(cheapest, ["Q", "HV-OY"], "dog"),
        e(first_free, [SeatMap("a", 0), SeatMap("b", 0), SeatMap("c", 1)]), e(first_free, [SeatMap("a", 0)]), e(first_free, [])])
""")
    dog, full = ["InvalidError", "category 'dog': adult, child or infant"], ["CapacityError", "departure any is full"]
    assert got == [("HV-OY", 0), ("OY-SK", 2100), missing("fare", "child"), missing("fare", "child"), dog, dog, ("c", "1A"), full, full], got


OFFICE = """
from ferry import errors as x
from ferry.booking import Office
from ferry.notify import Notifier
from ferry.passengers import Passenger
from ferry.payments import Payments
from ferry.store import Store
from ferry.timetable import Departure as D, Timetable
from ferry.vouchers import Vouchers
ANN = Passenger("Ann", "a@b", "adult"); TOT = Passenger("Tot", "t@b", "infant"); LEE = Passenger("Lee", "lost@b", "child")
DECLINED = "4111222233330000"
def office(store=None, payments=None, vouchers=None, notifier=None, departures=(D("M", "HV-OY", "07:30", 1), D("N", "OY-LB", "09:00", 1), D("O", "HV-SK", "09:00", 0))):
    return Office(Timetable(departures), vouchers or Vouchers({"V": (500, "2026-12-31"), "OLD": (9, "2025-01-01"), "BIG": (9999, "2026-12-31")}), payments or Payments(1500), store or Store(folder), notifier or Notifier(["lost@b"]), "2026-05-05")
"""


@milestone("booking: what goes out")
def booking():
    got = ask(OFFICE + """
o = office()
said = [o.book("M", ANN, CARD, "1C", "V"), o.book("M", TOT, DECLINED, voucher="BIG"), e(o.book, "Z", ANN, CARD), e(o.book, "N", ANN, CARD), e(o.book, "O", TOT, CARD), e(o.book, "M", ANN, CARD, "1C"), e(o.book, "M", ANN, CARD, "7C"),
        e(o.book, "M", ANN, CARD, None, "OLD"), e(o.book, "M", ANN, CARD, None, "V"), e(o.book, "M", ANN, CARD, None, "NO"), e(o.book, "M", ANN, DECLINED), e(o.book, "M", ANN, "1"), e(o.seats, "Z")]
answer([said, o.seats("M").free(), o.payments.charged(), {k: v for k, v in o.store.load(1).items() if k in ("seat", "paid", "receipt", "state")}, o.store.load(2)["receipt"], o.store.numbers(), o.log])""")
    assert got[0] == [
        1, 2, missing("departure", "Z"), missing("route", "OY-LB"), ["CapacityError", "departure O is full"], ["SeatTakenError", "seat 1C of M is taken"], missing("seat", "7C"), ["VoucherError", "voucher OLD is expired"],
        ["VoucherError", "voucher V is used"], missing("voucher", "NO"), ["CardDeclined", "card declined for 1250"], ["InvalidError", "card '1': 16 digits are needed"], missing("departure", "Z")], got  # fmt: skip
    assert got[1:] == [2, 750, {"seat": "1C", "paid": 750, "receipt": "R1", "state": "booked"}, None, [1, 2], []], got


@milestone("booking: all or nothing")
def undo():
    got = ask(OFFICE + """
class Full(Store):
    def save(self, booking): raise x.StorageError("disk", "full")
class Burning(Store):
    def save(self, booking): raise ZeroDivisionError("a mistake")
class Stubborn(Payments):
    def refund(self, receipt): super().refund(receipt); raise x.NotFoundError("receipt", receipt)
def after(o, *args):
    what = e(o.book, *args)
    return [what, o.seats("M").free(), o.vouchers.is_used("V"), o.payments.charged(), o.log]
answer([after(office(), "M", ANN, DECLINED, "1B", "V"), after(office(Full(folder)), "M", ANN, CARD, None, "V"), after(office(Burning(folder)), "M", ANN, CARD, "1A", "V"), after(office(Full(folder), Stubborn(2000)), "M", ANN, CARD, "1D", "V")])""")
    assert got[0] == [["CardDeclined", "card declined for 750"], 4, False, 0, []], got
    assert got[1] == [["StorageError", "disk: full"], 4, False, 0, []], got
    assert got[2] == [["ZeroDivisionError", "a mistake"], 4, False, 0, []], got
    assert got[3] == [["StorageError", "disk: full"], 4, False, 0, ["undo: no receipt R1"]], got


@milestone("messages that cannot be sent")
def unsent():
    got = ask(OFFICE + """
class Broken(Notifier):
    def send(self, address, text): raise KeyError("oops")
o, b = office(), office(Store(tempfile.mkdtemp()), notifier=Broken())
answer([o.book("M", LEE, CARD), o.log, o.book("M", ANN, CARD), o.log, e(b.book, "M", ANN, CARD)[0], b.store.numbers(), b.seats("M").free()])""")
    assert got == [1, ["notify: cannot reach lost@b"], 2, ["notify: cannot reach lost@b"], "KeyError", [1], 3], got


@milestone("cancelling")
def cancelling():
    got = ask(OFFICE + """
o = office()
for who, card in ((ANN, CARD), (TOT, CARD), (LEE, CARD)): o.book("M", who, card)
o.payments.refund("R2")
file("9.json", "oops")
later = office(Store(folder), departures=())
said = [e(o.cancel, 1), e(o.cancel, 1), e(o.cancel, 2), e(o.cancel, 5), e(o.cancel, 9)[0], e(o.cancel, 3), o.store.load(3)["state"], o.seats("M").free()]
o.store.save({**o.store.load(3), "receipt": None})
answer([said, e(later.cancel, 3), o.store.load(3)["state"]])""")
    assert got == [[1250, ["StateError", "booking 1 is cancelled already"], 0, missing("booking", 5), "StorageError", missing("receipt", "R2"), "booked", 3], 0, "cancelled"], got


@milestone("batches")
def batches():
    got = ask("""
from ferry import batch, errors as x
class Stub:
    calls = []
    def __init__(self, *results): self.results = list(results)
    def book(self, number, passenger, card, seat=None, voucher=None):
        Stub.calls.append((number, passenger.name, card))
        result = self.results.pop(0)
        if isinstance(result, Exception): raise result
        return result
lines = ["A; Ann <a@b> adult; 1", "", "  a; b  ", "B; Bo; 2", " B ; Bo <b@b> child ; 3", "C; Cy <c@b> adult; 4", "   "]
done, failures = batch.run(lines, Stub(7, x.CapacityError("B"), 8))
def goes(result):
    stub = Stub(1, result, 2)
    return e(batch.run, ["A; Ann <a@b> adult; 1"] * 3, stub), len(stub.results)
answer([done, [(n, type(f).__name__, str(f)) for n, f in failures], Stub.calls, goes(x.StorageError("p", "full")), goes(TypeError("mistake"))])""")
    assert got[0] == [(1, 7), (6, 8)], got
    assert got[1] == [(3, "InvalidError", "line 'a; b': DEPARTURE; PASSENGER; CARD is needed"), (4, "InvalidError", "passenger 'Bo': NAME <ADDRESS> CATEGORY is needed"), (5, "CapacityError", "departure B is full")], got
    assert got[2][:3] == [("A", "Ann", "1"), ("B", "Bo", "3"), ("C", "Cy", "4")], got
    assert got[3:] == [(["StorageError", "p: full"], 1), (["TypeError", "mistake"], 1)], got


@milestone("the sheet at the gate")
def sheet():
    got = ask("""
from ferry import errors as x, report
from ferry.timetable import Departure as D, Timetable
class Books:
    def __init__(self, found): self.found = found
    def numbers(self): return sorted(self.found)
    def load(self, number):
        if isinstance(self.found[number], Exception): raise self.found[number]
        return self.found[number]
ok = {"departure": "A", "seat": "1A", "name": "Ann", "state": "booked"}
table = Timetable([D("A", "HV-SK", "09:00", 1), D("B", "LB-SK", "08:00", 1), D("C", "HV-QQ", "10:00", 1)])
answer([report.day(table, Books({1: ok, 2: x.StorageError("p", "bad"), 3: x.NotFoundError("booking", 3)})), e(report.day, table, Books({1: RuntimeError("mistake")}))])""")
    assert got[0].splitlines() == ["08:00 B Lomby - Skarvik, ? miles, adults ?", "09:00 A Havn - Skarvik, 31 miles, adults 2980", "10:00 C Havn - ?, ? miles, adults ?", "#1 A 1A Ann (booked)", "#2 ?", "#3 ?"], got
    assert got[1] == ["RuntimeError", "mistake"], got


@milestone("the command line")
def command():
    done = run("""
export FERRY_CONF=$(mktemp); d=$(mktemp -d); f="python3 -m ferry"
printf 'folder = %s\\nlimit = 2000\\nrows = 1\\nday = 2025-05-07\\n' "$d" > $FERRY_CONF
card=4111222233334444; ann='Ann <a@b> adult'
t() { "$@" > $d/out 2> $d/err; echo "$? $(cat $d/out)|$(cat $d/err)"; }
t $f book F1 "$ann" $card 1A; t $f book F9 "$ann" $card; t $f book F1 "$ann" $card 9Z; t $f book F2 "$ann" $card; t $f book F1 "$ann" 4111222233330000 - GIFT5
t $f book F1 "$ann" $card - OLD; t $f book F1 Ann $card; t $f fare HV-QQ adult; t $f fare HV-SK infant; t $f show 7; t $f next HV-OY 16:00; t $f next HV-OY 4pm; t $f cancel 1
echo '{' > $d/8.json; t $f show 8 | cut -c1-10; t $f batch /none/x | cut -c1-25
printf 'F1; Bo <b@b> child; %s\\nF9; Bo <b@b> child; %s\\nx\\n\\nF1; Bo <b@b> infant; 12\\n' $card $card > $d/list; t $f batch $d/list
printf 'folder = x\\nlimit = 5\\nday = y\\n' > $FERRY_CONF; t $f next HV-OY 08:00; FERRY_CONF=/none/c t $f fare HV-OY adult
""")
    assert done.stdout.splitlines() == [
        "0 booking 1|", "4 |error: no departure F9", "4 |error: no seat 9Z", "7 |error: 2980 is above the limit of 2000", "7 |error: card declined for 750",
        "8 |error: voucher OLD is expired", "5 |error: passenger 'Ann': NAME <ADDRESS> CATEGORY is needed", "4 |error: no route HV-QQ", "0 0|", "4 |error: no booking 7", "0 none|",
        "5 |error: time '4pm': HH:MM is needed", "4 |error: no receipt R1", "9 |error: ", "9 |error: /none/x: [Errno",
        "0 line 1: booking 9", "line 2: no departure F9", "line 3: line 'x': DEPARTURE; PASSENGER; CARD is needed", "line 5: card '12': 16 digits are needed|",
        "3 |error: rows: it is missing", "3 |error: file: /none/c is missing"], done.stdout  # fmt: skip


@check("the visible suite is green, with no case dropped")
def suite():
    got = python("""
import io, unittest
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.discover("."))
answer((result.wasSuccessful(), result.testsRun >= 26))
""")
    assert got == (True, True), got


@check("what goes well gives what it gave")
def kept():
    done = run("python3 -m ferry next HV-OY 08:00; python3 -m ferry fare HV-SK child; python3 -m ferry day; python3 -m ferry show 1; python3 -m ferry fly 2>/dev/null; echo $?")
    assert done.stdout.splitlines() == [
        "F3 at 16:00", "1490", "07:30 F1 Havn - Oyra, 12 miles, adults 1250", "09:15 F2 Havn - Skarvik, 31 miles, adults 2980", "16:00 F3 Havn - Oyra, 12 miles, adults 1250",
        "17:45 F4 Oyra - Lomby, ? miles, adults ?", "#1 F2 3C Bo Lind (booked)", "F2 3C Bo Lind: 0 (booked)", "2"], done  # fmt: skip


decide()
