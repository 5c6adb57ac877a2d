import json
import re

from judge import check, decide, milestone, python, read, run

OTHER = {
    "version": 2,
    "station": {"name": "Harbour & Co", "language": "nl"},
    "mail": {"server": {"host": "smtp.harbour.example", "port": 465, "tls": False}, "sender": "post@harbour.example"},
    "alerts": {"to": ["kim@harbour.example", "lou, night@harbour.example"], "silence": {"after_s": 45, "repeat_s": 420}},
    "archive": {"folder": "tapes", "keep_days": 10, "format": "flac"},
    "jingles": {"every_s": 450, "files": ["one;two.ogg", "three.ogg"]},
    "quiet": {"from": "22:30", "to": "05:15"},
    "loudness": {"target_lufs": -16, "headroom": 0.25},
    "schedule": {"shows": [{"name": "late, later", "start": "23:40", "minutes": 50}, {"name": "tide@dawn", "start": "06:05", "minutes": 20}], "filler": "waves"},
    "feed": {"title": None, "items": 2},
    "web": {"port": 8181, "bind": "0.0.0.0"},
    "log": {"level": "debug", "file": None},
}
DEFAULTS = {
    "version": 2,
    "station": {"name": "Radio", "language": "en"},
    "mail": {"server": {"host": "localhost", "port": 25, "tls": False}, "sender": "studio@localhost"},
    "alerts": {"to": [], "silence": {"after_s": 30, "repeat_s": 600}},
    "archive": {"folder": "archive", "keep_days": 84, "format": "mp3"},
    "jingles": {"every_s": 1200, "files": []},
    "quiet": None,
    "loudness": {"target_lufs": -23.0, "headroom": 0.1},
    "schedule": {"shows": [], "filler": "music"},
    "feed": {"title": None, "items": 20},
    "web": {"port": 8080, "bind": "127.0.0.1"},
    "log": {"level": "info", "file": None},
}
OLD = "station_lang mail_host mail_port mail_tls mail_from alert_to alert_silence alert_repeat archive_dir archive_keep archive_format jingle_every jingle_files loudness_headroom schedule_filler feed_title feed_items feed_ttl web_port web_public log_level log_file".split()


def part(code):
    """The answer of a part's functions, with ``s`` as the settings above."""
    return python("s = %r\nfrom datetime import date\n%s" % (OTHER, code))


LOAD = """
import json, os, tempfile
from aircast.config import ConfigError, load
def written(value, name="own.json"):
    path = os.path.join(tempfile.mkdtemp(), name)
    with open(path, "w") as file: file.write(value if type(value) is str else json.dumps(value))
    return path
def why(value=None, env={}, name="own.json"):
    try: load(None if value is None else written(value, name), env)
    except ConfigError as e: return str(e)
    return ""
"""


@milestone("the defaults")
def defaults():
    found = json.loads(read("aircast/defaults.json"))
    assert found == DEFAULTS and found["mail"]["server"]["tls"] is False, found


@milestone("a file over the defaults")
def merging():
    got = python(LOAD + """
one = load(written({"mail": {"server": {"port": 99}}, "alerts": {"to": ["kim"]}, "quiet": {"from": "01:00", "to": "02:30"}, "feed": {"title": "x"}}), {})
one["alerts"]["silence"]["after_s"] = 1; one["archive"]["format"] = "wav"; one["jingles"]["files"].append("x")
two = load(None, {"AIRCAST_X": "1", "AIRCAST_MAIL_PORT": "7", "HOME": "/"})
three = load(written({"version": 2, "schedule": {"shows": [{"name": "a", "start": "01:00", "minutes": 5}]}, "loudness": {"target_lufs": -20}}), {})
answer([one, two, three["schedule"], three["loudness"]])""")
    one = json.loads(json.dumps(DEFAULTS))
    one["mail"]["server"]["port"], one["alerts"]["to"], one["quiet"], one["feed"]["title"] = 99, ["kim"], {"from": "01:00", "to": "02:30"}, "x"
    one["alerts"]["silence"]["after_s"], one["archive"]["format"], one["jingles"]["files"] = 1, "wav", ["x"]
    assert got == [one, DEFAULTS, {"shows": [{"name": "a", "start": "01:00", "minutes": 5}], "filler": "music"}, {"target_lufs": -20, "headroom": 0.1}], got


@milestone("unknown keys are named")
def unknown():
    got = python(LOAD + """
answer([why({"mail": {"server": {"prot": 1}}}), why({"statoin": {}}), why({"alerts": {"silence": {"after": 3}}}), why({"quiet": {"from": "01:00", "to": "02:00", "til": "x"}}), why({"feed": {"title": "t", "ttl": 3}}), why({"log": {"level": "info"}})])""")
    assert all(key in text for key, text in zip(("mail.server.prot", "statoin", "alerts.silence.after", "quiet", "feed.ttl"), got)) and got[5] == "", got


@milestone("wrong types are named")
def types():
    cases = [
        ("mail.server.port", "25"), ("mail.server.port", True), ("mail.server.port", 2.5), ("mail.server.tls", 1), ("mail.server.tls", "yes"), ("station.name", 3), ("station.name", None),
        ("archive.keep_days", "12w"), ("archive.keep_days", False), ("loudness.headroom", "10"), ("loudness.headroom", True), ("feed.title", 5), ("log.file", False), ("alerts.to", "kim"), ("alerts.to", ["kim", 3]),
        ("mail.server", 5), ("mail", "x"), ("web", None), ("jingles.every_s", None), ("version", 1), ("version", "2"), ("jingles.files", {"a": "b"}),
    ]  # fmt: skip
    values = []
    for path, value in cases:
        for name in reversed(path.split(".")):
            value = {name: value}
        values.append(value)
    got = python(LOAD + "answer([why(v) for v in %r])" % values)
    wrong = [(case, text) for case, text in zip(cases, got) if case[0] not in text]
    assert not wrong, wrong
    good = [{"loudness": {"target_lufs": -20, "headroom": 0}}, {"archive": {"keep_days": None}}, {"log": {"file": "x"}}, {"feed": {"title": None}}, {"version": 2}]
    assert python(LOAD + "answer([why(v) for v in %r])" % good) == [""] * 5


@milestone("quiet hours and shows are looked at")
def shapes():
    got = python(LOAD + """
show = {"name": "a", "start": "01:00", "minutes": 5}
quiet = [why({"quiet": q}) for q in ("23-6", {"from": "01:00"}, {"from": 1, "to": "02:00"}, {}, ["01:00", "02:00"], {"from": "01:00", "to": "02:00"}, None)]
shows = [why({"schedule": {"shows": s}}) for s in ("a@1", [1], [{**show, "end": "x"}], [show, {"name": "a", "start": "01:00"}], [{**show, "minutes": "5"}], {"a": show}, [show, show], [])]
answer([["quiet" in q if q else None for q in quiet], ["schedule.shows" in s if s else None for s in shows]])""")
    assert got == [[True] * 5 + [None] * 2, [True] * 6 + [None] * 2], got


@milestone("the environment")
def environment():
    got = python(LOAD + """
s = load(written({"web": {"port": 1}, "alerts": {"to": ["a", "b"]}}), {"AIRCAST__WEB__PORT": "2", "AIRCAST__ALERTS__TO": '["c"]', "AIRCAST__ALERTS__SILENCE__AFTER_S": "5", "AIRCAST__STATION__NAME": "Radio Wave", "AIRCAST__LOG__FILE": "null", "AIRCAST__MAIL__SERVER__TLS": "true", "AIRCAST__QUIET": '{"from": "01:00", "to": "02:00"}'})
os.environ["AIRCAST__FEED__ITEMS"] = "4"
answer([s["web"]["port"], s["alerts"], s["station"], s["log"], s["mail"]["server"]["tls"], s["quiet"], load()["feed"]["items"], load(None, {})["feed"]["items"],
        why(None, {"AIRCAST__WEB__PROT": "2"}), why(None, {"AIRCAST__WEB__PORT": "two"}), why(None, {"AIRCAST__WEB": "2"})])""")
    assert got[:6] == [2, {"to": ["c"], "silence": {"after_s": 5, "repeat_s": 600}}, {"name": "Radio Wave", "language": "en"}, {"level": "info", "file": None}, True, {"from": "01:00", "to": "02:00"}], got
    assert got[6:8] == [4, 20] and "web.prot" in got[8] and "web.port" in got[9] and "web" in got[10], got


@milestone("files that are no settings")
def no_settings():
    got = python(LOAD + """
answer([why("[1]", name="a1.json"), why("{", name="b2.json"), why("[aircast]\\nstation = x\\n", name="c3.ini"), why('{"station": {"name": "x"}}', name="d4.ini"), why("[aircast]\\nstation = x\\n", name="e5.conf")])""")
    assert all(n in text for n, text in zip(("a1.json", "b2.json", "aircast config migrate", "aircast config migrate", "e5.conf"), got)), got


@milestone("migration of plain keys")
def migrate_plain():
    got = python("""
from aircast.config import ConfigError, migrate
def why(text):
    try: migrate(text)
    except ConfigError as e: return str(e)
answer([migrate("[aircast]\\nstation = Harbour\\nstation_lang=nl\\nmail_host = h\\nmail_port = 465\\nmail_from = p@h\\narchive_dir = t\\narchive_format = wav\\nalert_silence = 9\\nschedule_filler = w\\nfeed_items = 7\\nfeed_ttl = 9\\nweb_port = 81\\nlog_level = error\\nloudness = -16.5\\n"),
        migrate("[aircast]\\n"), why("[aircast]\\nfeed_tlt = 3\\n")])""")
    assert got[0] == {"version": 2, "station": {"name": "Harbour", "language": "nl"}, "mail": {"server": {"host": "h", "port": 465}, "sender": "p@h"}, "archive": {"folder": "t", "format": "wav"}, "alerts": {"silence": {"after_s": 9}}, "schedule": {"filler": "w"}, "feed": {"items": 7}, "web": {"port": 81}, "log": {"level": "error"}, "loudness": {"target_lufs": -16.5}}, got
    assert got[1] == {"version": 2} and "feed_tlt" in got[2], got


@milestone("migration with conversions")
def migrate_converted():
    got = python("""
from aircast.config import migrate
def one(text): return {k: v for k, v in migrate("[aircast]\\n" + text).items() if k != "version"}
answer([one(t) for t in ("alert_repeat = 4", "jingle_every = 90", "archive_keep = 3w", "archive_keep = 45d", "archive_keep = forever", "quiet = 9-17", "quiet = none", "mail_tls = yes", "mail_tls = no", "web_public = yes", "web_public = no",
    "feed_title =", "feed_title = T", "log_file =", "log_file = /l", "alert_to = a@x ,, b@x,", "alert_to =", "jingle_files = a b.ogg;c.ogg ;", "shows = dawn@05:45+10, dusk@20:00+90", "shows =")] + [round(one("loudness_headroom = 15")["loudness"]["headroom"], 9)])""")
    assert got == [
        {"alerts": {"silence": {"repeat_s": 240}}}, {"jingles": {"every_s": 5400}}, {"archive": {"keep_days": 21}}, {"archive": {"keep_days": 45}}, {"archive": {"keep_days": None}}, {"quiet": {"from": "09:00", "to": "17:00"}}, {"quiet": None},
        {"mail": {"server": {"tls": True}}}, {"mail": {"server": {"tls": False}}}, {"web": {"bind": "0.0.0.0"}}, {"web": {"bind": "127.0.0.1"}}, {"feed": {"title": None}}, {"feed": {"title": "T"}}, {"log": {"file": None}}, {"log": {"file": "/l"}},
        {"alerts": {"to": ["a@x", "b@x"]}}, {"alerts": {"to": []}}, {"jingles": {"files": ["a b.ogg", "c.ogg"]}},
        {"schedule": {"shows": [{"name": "dawn", "start": "05:45", "minutes": 10}, {"name": "dusk", "start": "20:00", "minutes": 90}]}}, {"schedule": {"shows": []}}, 0.15,
    ], got  # fmt: skip


@milestone("mail")
def mail():
    got = part("from aircast import mail as m; answer([m.server(s), m.envelope(s, 'kim', 'hello', 'b \\n')])")
    assert got == [("smtp.harbour.example", 465, False), {"from": "post@harbour.example", "to": "kim", "subject": "[Harbour & Co] hello", "body": "b\n"}], got


@milestone("alerts")
def alerts():
    got = part("from aircast import alerts as a; answer([[a.is_due(s, *t) for t in ((44,), (45,), (90, 419), (90, 420))], a.recipients(s), a.sentence(s, 125)])")
    assert got == [[False, True, False, True], ["kim@harbour.example", "lou, night@harbour.example"], "Harbour & Co has been silent for 2:05; next alert in 7 minutes"], got


@milestone("the archive")
def archive():
    got = part("from aircast import archive as a; days = [date(2026, 5, 9), date(2026, 5, 10), date(2024, 1, 1)]; out = [a.path_for(s, date(2026, 5, 4), 'tide at dawn'), [str(d) for d in a.expired(s, days, date(2026, 5, 20))]]; s['archive']['keep_days'] = None; answer(out + [a.expired(s, days, date(2026, 5, 20))])")
    assert got == ["tapes/2026/2026-05-04-tide_at_dawn.flac", ["2024-01-01", "2026-05-09"], []], got


@milestone("jingles")
def jingles():
    got = part("from aircast import jingles as j; out = [j.files(s), [j.pick(s, t) for t in (0, 449, 450, 900, 60)], j.per_day(s)]; s['jingles']['files'] = []; answer(out + [j.pick(s, 0), j.per_day(s)])")
    assert got == [["one;two.ogg", "three.ogg"], ["one;two.ogg", None, "three.ogg", "one;two.ogg", None], 192, None, 0], got


@milestone("quiet hours")
def quiet():
    got = part("from aircast import quiet as q; out = [[q.is_quiet(s, t) for t in ('22:29', '22:30', '00:00', '05:14', '05:15', '12:00')], q.describe(s)]; s['quiet'] = {'from': '13:20', 'to': '14:00'}; out += [[q.is_quiet(s, t) for t in ('13:19', '13:20', '13:59', '14:00', '01:00')]]; s['quiet'] = None; answer(out + [q.is_quiet(s, '23:00'), q.describe(s)])")
    assert got == [[False, True, True, True, False, False], "quiet from 22:30 to 05:15", [False, True, True, False, False], False, "never quiet"], got


@milestone("loudness")
def loudness():
    got = part("from aircast import loudness as l; answer([l.gain_db(s, -20.04), l.gain_db(s, -10.0), l.gain_db(s, -60.0), l.gain_db(s, 5.5), l.ceiling(s, 1000), l.ceiling(s, 32768)])")
    assert got == [4.0, -6.0, 12.0, -12.0, 750, 24576], got


@milestone("the schedule")
def schedule():
    got = part("from aircast import schedule as c; answer([[tuple(x) for x in c.shows(s)], [c.on_air(s, t) for t in ('06:04', '06:05', '06:24', '06:25', '23:40', '00:29', '00:30')], c.free_minutes(s)])")
    assert got == [[("tide@dawn", 365, 20), ("late, later", 1420, 50)], ["waves", "tide@dawn", "tide@dawn", "waves", "late, later", "late, later", "waves"], 1370], got


@milestone("the feed")
def feed():
    got = part("from aircast import feed as f; e = [(date(2026, 1, n), 'a<%d' % n) for n in (2, 5, 3)]; out = [f.render(s, e)]; s['feed'] = {'title': 'T & U', 'items': 1}; answer(out + [f.render(s, e)])")
    head = "<language>nl</language><author>Harbour &amp; Co</author>"
    assert got == ["<channel><title>Harbour &amp; Co</title>%s<item>2026-01-05 a&lt;5</item><item>2026-01-03 a&lt;3</item></channel>" % head, "<channel><title>T &amp; U</title>%s<item>2026-01-05 a&lt;5</item></channel>" % head], got


@milestone("the status page and the log")
def web():
    got = part("""
from aircast import log, web
out = [web.address(s), web.page(s), log.options(s), log.is_chatty(s)]
s['web']['bind'], s['log'] = '127.0.0.1', {'level': 'Warning', 'file': 'x.log'}
answer(out + [web.address(s), web.page(s), log.options(s), log.is_chatty(s)])""")
    page = "Harbour & Co (nl) on port 8181, mail by smtp.harbour.example, flac in tapes"
    assert got[:4] == [("0.0.0.0", 8181), page + " (public)", {"version": 1, "handlers": {"main": {"class": "logging.StreamHandler"}}, "root": {"level": "DEBUG", "handlers": ["main"]}}, True], got
    assert got[4:] == [("127.0.0.1", 8181), page, {"version": 1, "handlers": {"main": {"class": "logging.FileHandler", "filename": "x.log", "delay": True}}, "root": {"level": "WARNING", "handlers": ["main"]}}, False], got


@milestone("the command line")
def command_line():
    done = run("""
d=$(mktemp -d); export PYTHONPATH=$PWD PYTHONDONTWRITEBYTECODE=1; cat > $d/own.json; printf '[aircast]\\nweb_public = yes\\n' > $d/old.ini; printf '[aircast]\\nwbe = yes\\n' > $d/bad.ini
cd $d; a() { echo '#'; python3 -m aircast "$@" 2>&1; echo "= $?"; }
a --config own.json config show mail.server; a --config own.json config show feed.title; a config show web.port; a config migrate old.ini; a config migrate bad.ini; a --config own.json config check; a config show mail.prot; a --config own.json status 06:10; a --config old.ini config check
mv own.json aircast.json; a config show web.port; a config show; rm -r $d""", stdin=json.dumps(OTHER))
    got = [text.strip() for text in done.stdout.split("#\n")[1:]]
    assert got[:4] == [json.dumps(OTHER["mail"]["server"], indent=2) + "\n= 0", "null\n= 0", "8080\n= 0", json.dumps({"version": 2, "web": {"bind": "0.0.0.0"}}, indent=2) + "\n= 0"], got[:4]
    for text, named in ((got[4], "wbe"), (got[6], "mail.prot"), (got[8], "aircast config migrate")):
        assert text.startswith("config: ") and named in text and text.endswith("= 2"), text
    assert got[5] == "ok\n= 0" and got[7].splitlines()[:2] == ["on air: tide@dawn", "quiet from 22:30 to 05:15, 192 jingles a day"], got
    assert got[9] == "8181\n= 0" and json.loads(got[10].rpartition("=")[0]) == OTHER, got


@milestone("the examples and the docs")
def examples():
    full, small = json.loads(read("examples/full.json")), json.loads(read("examples/small.json"))
    assert (full["alerts"], full["archive"]["keep_days"], full["loudness"]["headroom"], full["jingles"]["every_s"], full["web"]["bind"]) == ({"to": ["ana@elm.example", "bo@elm.example"], "silence": {"after_s": 20, "repeat_s": 900}}, 56, 0.05, 1800, "0.0.0.0"), full
    assert full["feed"] == {"title": "Elm to go", "items": 3} and [s["name"] for s in full["schedule"]["shows"]] == ["morning", "noon", "jazz"], full
    assert small["station"]["name"] == "Radio Elm" and small["quiet"] == {"from": "22:00", "to": "06:00"} and small["alerts"]["to"] == ["ana@elm.example"], small
    text = read("docs/configuration.md")
    missing = [key for key in leaves(DEFAULTS) if key not in text]
    assert not missing, "docs/configuration.md does not say %s" % missing
    left = [key for key in OLD if re.search(r"\b%s\b" % key, text)]
    assert not left, "docs/configuration.md still says %s" % left
    assert "full.json" in read("README.md") and "full.ini" not in read("README.md")


def leaves(settings, where=""):
    for key, value in settings.items():
        yield from leaves(value, where + key + ".") if isinstance(value, dict) else [where + key]


@check("the old files are gone")
def old_files():
    old = run("ls aircast/defaults.ini examples/small.ini examples/full.ini 2> /dev/null").stdout.split()
    assert not old, "still there: %s" % old


@check("the visible suite is green")
def suite():
    got = python("""
import contextlib, io, unittest
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.discover("."))
answer((result.wasSuccessful(), result.testsRun >= 22, len(result.skipped)))""")
    assert got == (True, True, 0), got


decide()
