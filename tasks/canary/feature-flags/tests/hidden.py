from judge import check, decide, milestone, python, read, run

ASK = """
import json, os, sys
from app.flags import Flags
json.dump({file}, open("/tmp/flags.json", "w"))
os.environ.update({env})
flags = Flags("/tmp/flags.json")
answer((flags.get("fast_search"), flags.fast_search))
"""


def ask(file, env):
    got = python(ASK.format(file=file, env=env))
    assert got[0] == got[1], got
    return got[0]


@check("sources and names: the stronger source, in one source the new name")
def sources():
    new, old = "fast_search", "legacy_search"
    NEW, OLD = "APP_FAST_SEARCH", "APP_LEGACY_SEARCH"
    cases = [({}, {}, False), ({new: True}, {}, True), ({old: False}, {}, True), ({old: True}, {}, False),
             ({old: True, new: True}, {}, True), ({old: False, new: False}, {}, False),
             ({new: True}, {OLD: "yes"}, False), ({new: False}, {OLD: "off"}, True), ({old: False}, {NEW: "no"}, False),
             ({}, {NEW: "1", OLD: "1"}, True), ({}, {NEW: "", OLD: "ON"}, False), ({new: True}, {NEW: "", OLD: ""}, True),
             ({}, {OLD: "nonsense"}, True)]
    wrong = [(file, env) for file, env, value in cases if ask(file, env) is not value]
    assert not wrong, wrong


@check("old names are reported once, by the flag's name")
def reported():
    code = "from app.flags import Flags; import sys; f = Flags(sys.argv[1]); [f.get('fast_search') for _ in range(3)]; f.get('show_prices')"
    told = "flag legacy_search is now fast_search\n"
    for text, env, expected in (('{"legacy_search": true}', "", told), ("{}", "APP_LEGACY_SEARCH=1", told), ("{}", "APP_LEGACY_SEARCH=", ""),
                                ('{"legacy_search": true}', "APP_LEGACY_SEARCH=0", told), ('{"fast_search": true}', "", ""),
                                ('{"legacy_search": true, "fast_search": true}', "", told)):
        done = run(f"echo '{text}' > /tmp/f.json; env {env} python3 -c \"{code}\" /tmp/f.json")
        assert done.stderr == expected, (text, env, done)


@check("asking by the old name is an error")
def old():
    got = python("""
from app.flags import Flags
f = Flags("/nowhere")
def kind(action):
    try: action()
    except Exception as e: return type(e).__name__
answer((kind(lambda: f.get("legacy_search")), kind(lambda: f.get("other")), f.get("show_prices"), kind(lambda: f.nothing)))
""")
    assert got == ("KeyError", "KeyError", False, "AttributeError"), got


@check("every user behaves as before, both ways")
def users():
    code = "from app.search import search; from app.suggest import suggest; from app.status import status; print(search('chair gar')); print(suggest('chair')); print(status())"
    slow = run(f"env APP_FAST_SEARCH=0 python3 -c \"{code}\"").stdout
    fast = run(f"env APP_FAST_SEARCH=1 python3 -c \"{code}\"").stdout
    assert slow == "['garden chair', 'kitchen chair']\n[]\nfast_search: off\nshow_prices: on\n", slow
    assert fast == "['garden chair']\n['garden chair', 'kitchen chair']\nfast_search: on\nshow_prices: on\nsearch index needed\n", fast


@check("our own files use the new name, with the opposite value")
def own():
    done = run("grep -rniE 'legacy.{0,5}search' --include='*' . | grep -v '^./app/flags.py:' | grep -v '^./tests/' | grep -v '__pycache__'")
    assert done.stdout == "", done.stdout
    got = python("import json; answer(json.load(open('flags.json')))")
    assert got == {"fast_search": False, "show_prices": True}, got
    assert run("sh deploy/start.sh hose gar").stdout == "garden hose 20m 25\n"
    assert "`fast_search`" in read("docs/flags.md") and "APP_FAST_SEARCH" in read("README.md")


decide()
