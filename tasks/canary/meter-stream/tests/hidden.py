from judge import check, decide, python, run

PULLED = """
from meters.report import report
pulled = 0
def feed(lines):
    global pulled
    for line in lines:
        pulled += 1
        yield line
"""


@check("numbers of meters that neither the data nor the tests have")
def numbers():
    got = python("""
from meters.report import report
lines = ["H-207 0 90", "H-207 1 90.5", "H-207 2 95", "H-207 3 95", "H-207 4 94", "H-207 5 80", "H-207 6 91", "H-207 7 92",
         "H-207 8 93", "Z 5 -3.25", "# Z 6 900", "", "Z 6 -3.26", "broken", "Q 1 81", "Q 2 81.5", "Q 3 80", "Q 4 82", "Q 5 x", "Q 6 83"]
answer([list(report(iter(lines))), list(report([]))])
""")
    assert got == [
        [
            "H-207 mean 91.2 peak 95.0@2 alarms 2",
            "Z mean -3.3 peak -3.2@5 alarms 0",
            "Q mean 81.5 peak 83.0@6 alarms 0",
        ],
        [],
    ], got


@check("doubled lines are those right behind themselves")
def doubled():
    got = python("""
from meters.report import report
from meters.source import Row, single
r = lambda m, v: Row("A", m, v)
found = [r(0, 1.0), r(0, 1.0), r(0, 1.0), r(1, 2.0), r(0, 1.0), r(0, 2.0), r(0, 2.0), r(1, 2.0)]
lines = ["H-102 0 80", "H-102 1 80", "H-102 1 80", "H-102 0 80", "H-102 1 70", "H-102 0 80", "A 0 10", "B 0 10", "A 0 10", "A 0 10", "A 1 20"]
answer([[(row.minute, row.value) for row in single(iter(found))], list(report(lines))])
""")
    assert got == [
        [(0, 1.0), (1, 2.0), (0, 1.0), (0, 2.0), (1, 2.0)],
        [
            "H-102 mean 78.0 peak 80.0@0 alarms 1",
            "A mean 10.0 peak 10.0@0 alarms 0",
            "B mean 10.0 peak 10.0@0 alarms 0",
            "A mean 15.0 peak 20.0@1 alarms 0",
        ],
    ], got


@check("a meter's line is out as soon as the next one's first line is in")
def soon():
    got = python(
        PULLED
        + """
import itertools
def endless():
    for m in itertools.count():
        for minute in range(m + 2):
            yield f"M{m} {minute} {m}"
lines = iter(report(feed(endless())))
seen = [(next(lines), pulled) for _ in range(4)]
answer(seen)
"""
    )
    assert got == [
        ("M0 mean 0.0 peak 0.0@0 alarms 0", 3),
        ("M1 mean 1.0 peak 1.0@0 alarms 0", 6),
        ("M2 mean 2.0 peak 2.0@0 alarms 0", 10),
        ("M3 mean 3.0 peak 3.0@0 alarms 0", 15),
    ], got


@check("a pipe that stays open")
def pipe():
    done = run(
        """
mkfifo /tmp/pipe; exec 3<>/tmp/pipe
python3 -m meters < /tmp/pipe > /tmp/out 3>&- & first=$!
printf 'A 0 1\\nA 1 3\\nB 0 5\\n' >&3
for i in $(seq 60); do grep -q . /tmp/out && break; sleep 0.1; done
cat /tmp/out; kill $first; rm -f /tmp/pipe /tmp/out
"""
    )
    assert done.stdout == "A mean 2.0 peak 3.0@1 alarms 0\n", done


@check("memory does not grow")
def memory():
    got = python(
        """
import tracemalloc
from meters.report import report
def one(n):
    for i in range(n):
        yield f"BIG {i} {i % 91}"
def many(n):
    for i in range(n):
        yield f"M{i} 0 {i}"
def most(lines):
    tracemalloc.start()
    number = sum(1 for _ in report(lines))
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return number, top < 500_000
answer([most(one(30_000)), most(many(15_000))])
""",
        timeout_s=40,
    )
    assert got == [(1, True), (15000, True)], got


@check("other programs that use it")
def others():
    got = python("""
from meters import source
from meters.export import day_of, table
from meters.report import summary
from meters.source import Row
cells = table(iter(["H-102 0 73", "H-102 1 74", "H-102 2 75", "oops", "K 0 81", "K 1 82", "K 2 83", "K 3 84"]))
day = day_of("H-207", [91.0, 92.0, 93.0, 1.0])
none = summary("N", [])
answer([cells, [day.meter, day.mean, tuple(day.peak), day.alarms], source.skipped, tuple(none), tuple(summary("N", (r for r in [Row("N", 4, 2.0)])))[1]])
""")
    assert got == [
        [["H-102", "74.0", "75.0", "1"], ["K", "82.5", "84.0", "1"], ["all", "", "", "2"]],
        ["H-207", 69.25, ("H-207", 2, 93.0), 1],
        1,
        ("N", None, None, 0),
        2.0,
    ], got
    got = python("""
from meters import stats
from meters.source import Row, by_meter
rows = [Row("A", i, v) for i, v in enumerate([9.0, 9.0, 9.0, 9.0, 2.0])]
answer([stats.count(iter(rows)), stats.mean(iter(rows)), stats.peak(iter(rows)).minute, stats.alarms(iter(rows), 8), [(m, stats.count(g)) for m, g in by_meter(iter(rows))]])
""")
    assert got == [5, 7.6, 0, 1, [("A", 5)]], got


decide()
