from judge import check, decide, python, raised, run


@check("the clock in every week")
def weeks():
    got = python("""
from ferry.clock import parse, show, instant
u = lambda t: parse(t).strftime("%d %H:%M")
answer([
    u("2024-03-30 12:00"), u("2024-03-31 01:59"), u("2024-03-31 03:00"), u("2024-04-01 12:00"),
    u("2024-10-26 12:00"), u("2024-10-27 01:59"), u("2024-10-27 03:00"), u("2024-10-31 12:00"),
    u("2019-03-31 04:00"), u("2021-03-27 12:00"), u("2021-03-28 12:00"), u("2022-10-30 00:30"),
    u("2022-10-30 12:00"), u("2030-10-26 12:00"), u("2030-10-27 12:00"), u("1997-03-30 12:00"),
    show(instant("2025-03-30T00:59Z")), show(instant("2025-03-30T01:00Z")),
    show(instant("2025-12-31T23:30Z")), show(instant("2026-06-30T22:10Z")),
])
""")
    assert got == [
        "30 11:00", "31 00:59", "31 01:00", "01 10:00",
        "26 10:00", "26 23:59", "27 02:00", "31 11:00",
        "31 02:00", "27 11:00", "28 10:00", "29 22:30",
        "30 11:00", "26 10:00", "27 11:00", "30 10:00",
        "2025-03-30 01:59", "2025-03-30 03:00",
        "2026-01-01 00:30", "2026-07-01 00:10",
    ], got  # fmt: skip


@check("the hour that comes twice")
def twice():
    got = python("""
from ferry.clock import parse, show, instant
u = lambda t: parse(t).strftime("%d %H:%M")
answer([
    u("2023-10-29 02:00"), u("2023-10-29 02:59"), u("2023-10-29 02:00b"), u("2023-10-29 02:59b"), u("2023-10-29 01:59"),
    [show(instant("2023-10-29T" + t)) for t in ("00:00Z", "00:59Z", "01:00Z", "01:59Z", "02:00Z")],
    show(parse("2025-10-26 02:15")), show(parse("2025-10-26 02:15b")),
])
""")
    assert got == [
        "29 00:00", "29 00:59", "29 01:00", "29 01:59", "28 23:59",
        ["2023-10-29 02:00", "2023-10-29 02:59", "2023-10-29 02:00b", "2023-10-29 02:59b", "2023-10-29 03:00"],
        "2025-10-26 02:15", "2025-10-26 02:15b",
    ], got  # fmt: skip


@check("times that do not exist")
def none():
    got = python("""
from ferry.clock import parse
def refused(text):
    try:
        parse(text)
    except ValueError as e:
        return text[-6:].strip().rstrip("b") in str(e)
    return None
answer([refused(t) for t in ("2026-03-29 02:00", "2026-03-29 02:59", "2021-03-28 02:30")])
""")
    assert got == [True] * 3, got
    for text in (
        "2026-03-29 03:00b",
        "2026-10-25 03:00b",
        "2026-10-25 01:59b",
        "2026-10-24 02:30b",
        "2026-07-01 12:00b",
    ):
        assert raised("from ferry.clock import parse; parse(%r)" % text) == "ValueError", text


@check("the board through the night in October")
def board():
    got = python("""
from ferry.board import board
from ferry.clock import instant
from ferry.timetable import sailing
rows = [("A", "2025-10-26 02:10b", "20"), ("B", "2025-10-26 02:40", "30"), ("C", "2025-10-26 03:00", "45"),
        ("D", "2025-10-26 01:50", "75"), ("E", "2025-10-26 02:10b", "5"), ("F", "2025-10-25 23:45", "15")]
sailings = [sailing(*row) for row in rows]
short = lambda rows: [" ".join(r.replace("2025-10-", "").split()) for r in rows]
answer([short(board(sailings, instant("2025-10-25T20:00Z"), 9)), short(board(sailings, instant("2025-10-26T01:10Z")))])
""")
    assert got == [
        [
            "25 23:45 F arrives 26 00:00",
            "26 01:50 D arrives 26 02:05b",
            "26 02:40 B arrives 26 02:10b",
            "26 02:10b A arrives 26 02:30b",
            "26 02:10b E arrives 26 02:15b",
            "26 03:00 C arrives 26 03:45",
        ],
        ["26 02:10b A arrives 26 02:30b", "26 02:10b E arrives 26 02:15b", "26 03:00 C arrives 26 03:45"],
    ], got


@check("sailings a day")
def days():
    got = python("""
from ferry.timetable import per_day, sailing
written = ["2025-06-02 00:10", "2025-06-01 23:50", "2025-06-02 01:59", "2025-01-02 00:30", "2025-10-26 02:30b", "2025-06-02 12:00"]
days = per_day([sailing("x", t, "10") for t in written])
answer([list(days.items()), per_day([])])
""")
    assert got == [
        [("2025-01-02", 1), ("2025-06-01", 1), ("2025-06-02", 3), ("2025-10-26", 1)],
        {},
    ], got


@check("hours at sea")
def crew():
    log = "crew,left,back\nNils,2025-03-30 01:30,2025-03-30 03:30\nOle,2025-10-26 01:30,2025-10-26 03:30\n"
    log += "Nils,2025-10-26 02:50,2025-10-26 02:05b\nOle,2025-05-31 22:00,2025-06-01 01:15\nUna,2025-03-29 12:00,2025-03-30 12:00\n"
    done = run("cat > /tmp/log.csv; python3 -m ferry crew /tmp/log.csv", stdin=log)
    assert done.stdout.split() == ["Nils", "1:15", "Ole", "6:15", "Una", "23:00"], done
    code = "from ferry.crew import at_sea; at_sea(%r, %r)"
    assert raised(code % ("2025-10-26 02:05b", "2025-10-26 02:50")) == "ValueError"
    assert raised(code % ("2025-03-30 02:05", "2025-03-30 03:50")) == "ValueError"


@check("the command line, without zone data or a zone of the machine")
def command():
    shown = "TZ=Asia/Tokyo PYTHONTZPATH=/none python3 -m ferry board data/sailings.csv 2024-07-10T21:50Z"
    assert run(shown).stdout == (
        "2024-07-10 23:50  Petrel     arrives 2024-07-11 00:45\n2024-07-11 07:45  Heron      arrives 2024-07-11 08:35\n"
    )
    text = "ship,departs,minutes\nTern,2025-03-30 01:50,20\nTern,2025-03-30 00:10,20\n"
    done = run(
        "cat > /tmp/s.csv; TZ=America/Lima python3 -m ferry days /tmp/s.csv; python3 -m ferry board /tmp/s.csv 2025-03-30T00:00Z",
        stdin=text,
    )
    assert done.stdout == "2025-03-30  2\n2025-03-30 01:50  Tern       arrives 2025-03-30 03:10\n", done


decide()
