import json

from judge import check, decide, run

ROWS = [
    ("7", "Zoo", "6:00"), ("31", "Museum", "14:30"), ("7", "Station", "6:00"), ("2", "Lake", "0:00"),
    ("31", "Mill", "14:05"), ("N9", "Hill", "23:59"), ("5", "Park", "9:30"), ("15", "Mill", "10:00"),
]
TIMETABLE = [{"line": line, "to": to, "time": time} for line, to, time in ROWS]
SCRIPT = """
const { nextDepartures, board } = require("./board.js");
const { timetable, asked } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const copy = () => JSON.parse(JSON.stringify(timetable));
const same = copy();
console.log(JSON.stringify(asked.map(([now, count]) => ({
  next: nextDepartures(copy(), now, count), text: board(copy(), now, count),
  kept: (nextDepartures(same, now, count), JSON.stringify(same) === JSON.stringify(timetable)),
}))));
"""


def asked(*pairs, timetable=TIMETABLE):
    done = run(f"node -e '{SCRIPT}'", stdin=json.dumps({"timetable": timetable, "asked": pairs}))
    answers = json.loads(done.stdout)
    assert len(answers) == len(pairs), answers
    return answers


def minutes(time):
    hours, rest = time.split(":")
    return int(hours) * 60 + int(rest)


def expected(now, count):
    waits = [{"line": line, "to": to, "wait": (minutes(time) - minutes(now)) % 1440} for line, to, time in ROWS]
    return sorted(waits, key=lambda one: one["wait"])[:count]


@check("the next departures at any hour")
def departures():
    times = ["0:00", "0:01", "5:59", "6:00", "6:01", "9:29", "9:45", "10:00", "14:06", "14:30", "23:58", "23:59"]
    pairs = [(now, count) for now in times for count in (1, 3, 8, 20)]
    for pair, answer in zip(pairs, asked(*pairs)):
        assert answer["next"] == expected(*pair), (pair, answer["next"])


@check("the timetable stays as it is")
def kept():
    assert all(answer["kept"] for answer in asked(("12:00", 3), ("23:59", 8)))


@check("the board")
def shown():
    two, long, none = asked(("14:05", 2), ("6:01", 8), ("12:00", 0))
    assert two["text"] == "  31  Mill                  now\n  31  Museum             25 min", two["text"]
    waits = [line[20:].strip() for line in long["text"].split("\n")]
    assert waits == ["3 h 29 min", "3 h 59 min", "8 h 04 min", "8 h 29 min", "17 h 58 min", "17 h 59 min",
                     "23 h 59 min", "23 h 59 min"], waits
    assert none["text"] == "" and none["next"] == []


@check("waits of about an hour, and a stop without buses")
def edges():
    hour = [{"line": "1", "to": "Pier", "time": time} for time in ("11:00", "10:59", "11:01")]
    (answer,) = asked(("10:00", 3), timetable=hour)
    assert [line[20:].strip() for line in answer["text"].split("\n")] == ["59 min", "1 h 00 min", "1 h 01 min"], answer
    (answer,) = asked(("10:00", 3), timetable=[])
    assert answer["next"] == [] and answer["text"] == "", answer


decide()
