from judge import check, decide, milestone, python, run

HEAD = """
import atexit, builtins, importlib, json, os, sys, tempfile, time
from chime.api import Message, OptionError, PluginError
folder = tempfile.mkdtemp()
def file(name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f: f.write(text)
    return path
def never(what):
    def stop(*args, **named): raise AssertionError(what)
    return stop
time.time = time.monotonic = never("it asks the clock")
class Shut:
    write = staticmethod(never("it prints"))
    def flush(self): pass
sys.stdout = Shut()
TEN = "archive count dedupe digest escalate redact route split throttle translate".split()
def plugin(name):
    opened, registered = builtins.open, atexit._ncallbacks()
    builtins.open = never("it opens a file at import")
    try: module = importlib.import_module("plugins." + name)
    finally: builtins.open = opened
    assert atexit._ncallbacks() == registered, "it registers something at import"
    others = [m for m in sys.modules if m == "chime.host" or m.startswith("plugins.") and m[8:] in TEN and m[8:] != name]
    assert not others, f"it imports {others}"
    assert not hasattr(module, "NAME") and not hasattr(module, "handle"), "interface 1 is still there"
    assert (module.Plugin.name, module.Plugin.api) == (name, 2)
    return module.Plugin
def made(name, **options):
    given = dict(options)
    kept = repr(given)
    found = plugin(name)(given)
    assert repr(given) == kept, "it changes its options"
    return found
def m(text="x", time=0, sender="s", **more):
    return Message(**{"id": "m", "time": time, "sender": sender, "text": text, **more})
def p(found):
    assert type(found) is list, found
    for one in found: assert type(one.to) is tuple and isinstance(one.tags, frozenset) and isinstance(one, Message), one
    return [(o.id, o.time, o.sender, o.to, o.text, sorted(o.tags)) for o in found]
def wrong(name, *all_options):
    said = []
    for options in all_options:
        try: said.append(plugin(name)(options) and None)
        except OptionError as e: said.append(e.option if e.plugin == name else e.plugin)
    return said
LOW, ALARM = frozenset({"low"}), frozenset({"alarm"})
"""


def ask(code):
    return python(HEAD + code)


@milestone("archive")
def archive():
    got = ask("""
path = os.path.join(folder, "a")
one, two = made("archive", path=path), made("archive", path=os.path.join(folder, "b"))
first, second = m("a\\nb", 5, to=("x", "y"), tags=frozenset({"q", "b"})), m("\\u00e9", 6)
same = one.process(first) == [first] and two.process(second) == [second]
def rows(name): return [(list(json.loads(line)), json.loads(line)) for line in open(os.path.join(folder, name), encoding="utf-8")]
now = rows("a"), rows("b")
ends = [one.tick(9), one.close()]
again = made("archive", path=path)
again.process(second)
def shut():
    try: one.process(first)
    except Exception: return True
shut_now = shut()
again.close()
answer([same, now, ends, shut_now, [row[1]["text"] for row in rows("a")], wrong("archive", {}, {"path": folder}, {"path": folder + "/no/x"}, {"path": 5}, {"path": path, "mode": "w"})])""")
    keys = ["id", "time", "sender", "to", "text", "tags"]
    row = lambda *values: (keys, dict(zip(keys, values)))  # noqa: E731
    assert got[:2] == [True, ([row("m", 5, "s", ["x", "y"], "a\nb", ["b", "q"])], [row("m", 6, "s", [], "é", [])])], got
    assert got[2:] == [[[], []], True, ["a\nb", "é"], ["path", "path", "path", "path", "mode"]], got


@milestone("count")
def count():
    got = ask("""
one, two = made("count"), made("count")
said = [p(one.process(m("!count", 3, "z", id="q1", to=("k",), tags=LOW)))]
for text, who in (("a", "mill"), ("!help", "ann"), ("b", "mill"), ("!count", "ann"), (" !count", "zed")): out = one.process(m(text, 1, who, to=("o",)))
said += [p(out), p(one.process(m("!count", 4, "mill", id="q2"))), p(two.process(m("!count")))[0][4], one.tick(5), one.close(), wrong("count", {"a": 1})]
answer(said)""")
    assert got == [[("q1-count", 3, "count", ("z",), "nothing yet", [])], [("m", 1, "zed", ("o",), " !count", [])], [("q2-count", 4, "count", ("mill",), "ann 1, mill 2, zed 1", [])], "nothing yet", [], [], ["a"]], got


@milestone("dedupe")
def dedupe():
    got = ask("""
one, two, zero = made("dedupe", window=100), made("dedupe"), made("dedupe", window=0)
def passes(plugin, *all_): return [len(plugin.process(m(*a))) for a in all_]
answer([passes(one, ("Hi", 0), (" hI ", 100), ("HI", 200), ("hi", 300), ("hi", 401), ("hi", 402, "t"), ("hi there", 403), ("hi", 403, "t")), passes(two, ("Hi", 1), ("hi", 61), ("hi", 122)), passes(zero, ("a", 5), ("a", 5), ("a", 6)),
        p(made("dedupe").process(m(" A ", 3, to=("x",), tags=LOW))), one.tick(1), one.close(), wrong("dedupe", {"window": -1}, {"window": True}, {"window": "5"}, {"wide": 1})])""")
    assert got == [[1, 0, 0, 0, 1, 1, 1, 0], [1, 0, 1], [1, 0, 1], [("m", 3, "s", ("x",), " A ", ["low"])], [], [], ["window", "window", "window", "wide"]], got


@milestone("digest")
def digest():
    got = ask("""
one, two = made("digest", size=3, hold=50), made("digest")
low = lambda text, time, sender, *to: m(text, time, sender, to=to, tags=LOW | {"x"})
said = [p(one.process(low("a", 10, "s", "z", "b"))), p(one.process(m("now", 11))), p(one.tick(59)), p(one.process(low("b", 20, "t", "a", "z"))), p(one.tick(60)), p(one.tick(500))]
said += [p(out) for out in (one.process(low("c", 600, "s")), one.process(low("d", 601, "s")), one.process(low("e", 602, "u", "k")), one.tick(9999), one.process(low("f", 700, "s")), one.close())]
two.process(low("g", 0, "s"))
answer([said, p(two.tick(299)), p(two.tick(301)), two.close(), len(made("digest", size=1).process(low("h", 0, "s"))), wrong("digest", {"size": 0}, {"hold": -1}, {"size": 1.0}, {"age": 1})])""")
    assert got[0][:6] == [[], [("m", 11, "s", (), "now", [])], [], [], [("digest-1", 20, "digest", ("z", "b", "a"), "s: a\nt: b", ["digest"])], []], got
    assert got[0][6:] == [[], [], [("digest-2", 602, "digest", ("k",), "s: c\ns: d\nu: e", ["digest"])], [], [], [("digest-3", 700, "digest", (), "s: f", ["digest"])]], got
    assert got[1:] == [[], [("digest-1", 0, "digest", (), "s: g", ["digest"])], [], 1, ["size", "hold", "size", "age"]], got


@milestone("escalate")
def escalate():
    got = ask("""
one, two = made("escalate", boss="eve", count=2, within=10), made("escalate", boss="eve")
first = m("fire", 0, to=("a",), tags=ALARM)
def go(plugin, *args, **more): return p(plugin.process(m(*args, **{"tags": ALARM, **more})))[0][3:]
said = [p(one.process(first)), go(one, "other", 9, to=("eve", "b")), go(one, "fire", 19), go(one, "fire", 28, to=("q",)), go(one, "fire", 28, "t"), go(one, "x", 29, tags=LOW), go(one, "fire", 29, "t", tags=ALARM | {"k"}), (first.to, sorted(first.tags))]
answer([said, [go(two, "f", n)[0] for n in (0, 0, 599, 600, 1300)], [go(made("escalate", boss="b", count=1), "f", 0)], one.tick(3), one.close(), wrong("escalate", {}, {"boss": "b", "count": 0}, {"boss": "b", "within": 0}, {"boss": 1})])""")
    plain, urgent = ["alarm"], ["alarm", "urgent"]
    assert got[0] == [[("m", 0, "s", ("a",), "fire", plain)], (("eve", "b"), "other", urgent), ((), "fire", plain), (("q", "eve"), "fire", urgent), ((), "fire", plain), ((), "x", ["low"]), (("eve",), "fire", ["alarm", "k", "urgent"]), (("a",), plain)], got
    assert got[1:] == [[(), (), ("eve",), (), ()], [(("b",), "f", urgent)], [], [], ["boss", "count", "within", "boss"]], got


@milestone("redact")
def redact():
    got = ask("""
path = file("w", "# note\\n\\n key \\na.b\\nc++\\n#no\\n")
one = made("redact", words_file=path)
os.remove(path)
text = lambda plugin, t: p(plugin.process(m(t)))[0][4]
answer([[text(one, t) for t in ("KEY, key_ keys; the Key", "a.b axb A.B", "c++ xc++ (C++)", "#no # note", "two\\nkey\\n")], text(made("redact", words_file=file("v", "# none\\n")), "key"), text(made("redact", words_file="data/words.txt"), "code"),
        p(one.process(m("my key", 7, to=("t",), tags=LOW))), one.tick(1), one.close(), wrong("redact", {}, {"words_file": path}, {"words_file": 3}, {"words": "x"})])""")
    assert got[0] == ["***, key_ keys; the ***", "*** axb ***", "*** xc++ (***)", "#no # note", "two\n***\n"], got
    assert got[1:] == ["key", "****", [("m", 7, "s", ("t",), "my ***", ["low"])], [], [], ["words_file", "words_file", "words_file", "words"]], got


@milestone("route")
def route():
    got = ask("""
rules = [["door|gate", "porter"], ["^fire", "brigade"], ["gate", "porter"], ["o", "all"]]
one, two = made("route", rules=rules, fallback="desk"), made("route", rules=[])
to = lambda plugin, text, *to: p(plugin.process(m(text, to=to)))[0][3]
said = [to(one, "fire at the gate"), to(one, "big fire"), to(one, "the door", "brigade", "porter"), to(one, "hello", "x"), to(one, "fire", "x"), to(one, "calm", "x"), to(one, "calm"), to(two, "a"), to(two, "a", "z", "z2"), to(one, "fire")]
answer([said, p(one.process(m("gate", 4, tags=LOW))), one.tick(1), one.close(), wrong("route", {}, {"rules": [["(", "x"]]}, {"rules": [["a"]]}, {"rules": [["a", 5]]}, {"rules": "ab"}, {"rules": ["ab"]}, {"rules": [], "fallback": None})])""")
    assert got[0] == [("porter", "brigade"), ("desk",), ("brigade", "porter", "all"), ("x", "all"), ("x", "brigade"), ("x",), ("desk",), ("all",), ("z", "z2"), ("brigade",)], got
    assert got[1:] == [[("m", 4, "s", ("porter",), "gate", ["low"])], [], [], ["rules"] * 6 + ["fallback"]], got


@milestone("split")
def split():
    got = ask("""
one = made("split", width=7)
texts = lambda plugin, text: [(o[0], o[4]) for o in p(plugin.process(m(text)))]
def stuck(text):
    try: return texts(one, text)
    except PluginError as e: return str(e)
long = " ".join(["word"] * 20)
answer([texts(one, "abc def"), texts(one, "abc  def gh"), texts(one, "aaaa bbbb c d eeeeeee ff"), texts(one, "a  b    cc d e f g"), texts(one, ""), [stuck(t) for t in ("hi abcdefgh", "abcdefgh")], [len(t) for _, t in texts(made("split"), long)],
        p(one.process(m("abcd efgh", 3, to=("x",), tags=LOW))), one.tick(1), one.close(), wrong("split", {"width": 0}, {"width": "9"}, {"size": 1})])""")
    number = lambda *parts: [(f"m.{n}", part) for n, part in enumerate(parts, 1)]  # noqa: E731
    assert got[:5] == [[("m", "abc def")], number("abc", "def gh"), number("aaaa", "bbbb c", "d", "eeeeeee", "ff"), number("a  b", "cc d e", "f g"), [("m", "")]], got
    assert got[5:7] == [["split: a word is longer than 7"] * 2, [79, 19]], got
    assert got[7:] == [[("m.1", 3, "s", ("x",), "abcd", ["low"]), ("m.2", 3, "s", ("x",), "efgh", ["low"])], [], [], ["width", "width", "size"]], got


@milestone("throttle")
def throttle():
    got = ask("""
one, two = made("throttle", limit=2, period=10), made("throttle")
passes = lambda plugin, *all_: [len(plugin.process(m("x", *a))) for a in all_]
said = [passes(one, (5,), (14,), (14,), (14, "a"), (15,), (16,), (17,), (24,), (30,), (15, "a"), (16, "a")), one.tick(99), p(one.process(m("y", 50, to=("t",), tags=LOW))), p(one.close())]
answer([said, passes(two, *[(n,) for n in range(12)], (59,), (60,)), [o[4] for o in p(two.close())], made("throttle").close(), wrong("throttle", {"limit": 0}, {"period": 0}, {"limit": 2.0}, {"rate": 1})])""")
    assert got[0][:3] == [[1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0], [], [("m", 50, "s", ("t",), "y", ["low"])]], got
    assert got[0][3] == [("throttle-a", 16, "throttle", ("a",), "dropped 1", []), ("throttle-s", 24, "throttle", ("s",), "dropped 3", [])], got
    assert got[1:] == [[1] * 10 + [0, 0, 0, 1], ["dropped 3"], [], ["limit", "period", "limit", "rate"]], got


@milestone("translate")
def translate():
    got = ask("""
one = made("translate", table={"a": "b", "b": "c", "ab": "X", ".": "!", "cat": "", "\\\\": "/"})
text = lambda plugin, t: p(plugin.process(m(t)))[0][4]
answer([[text(one, t) for t in ("a b", "aab", "ba.", "cat", "Ab", "a\\\\b", "")], text(made("translate", table={}), "abc"), text(made("translate", table={"x": "\\\\1 \\\\g<0>"}), "x"), p(one.process(m("b", 9, to=("t",), tags=LOW))), one.tick(1), one.close(),
        wrong("translate", {}, {"table": {"": "x"}}, {"table": [["a", "b"]]}, {"table": {"a": 1}}, {"table": {1: "a"}}, {"table": {}, "x": 1})])""")
    assert got == [["b c", "bX", "cb!", "", "Ac", "b/c", ""], "abc", "\\1 \\g<0>", [("m", 9, "s", ("t",), "c", ["low"])], [], [], ["table"] * 5 + ["x"]], got


# Plugins of its own, written into plugins/ for a moment: the host is judged without the ten.
HOST = """
import importlib, os, sys
from chime.api import Message, OptionError, PluginError
from chime.host import Host
SOURCE = '''
from chime.api import Message, OptionError, PluginError
class Plugin:
    name = "{name}"
    api = {api}
    def __init__(self, options):
        if "bad" in options: raise OptionError(self.name, "bad", "no")
        self.mark, self.held = options.get("mark", ""), []
    def process(self, message):
        if self.held is None: raise RuntimeError("it is closed already")
        if message.text == "hard": raise PluginError(self.name, "too hard")
        if message.text == "bug": raise KeyError("bug")
        if message.text == "none": return None
        if message.text == "texts": return ["a"]
        if message.text == "tuple": return (message,)
        if message.text == "hold" + self.mark: self.held.append(message); return []
        if message.text == "twice": return [message.but(text="one" + self.mark), message.but(text="two" + self.mark)]
        return [message.but(text=message.text + self.mark)]
    def tick(self, now):
        if now < 0: return None
        return [Message("t" + self.mark, now, "tick", text="t" + self.mark)] if now % 2 else []
    def close(self):
        held, self.held = self.held, None
        return [one.but(text="late" + self.mark) for one in held]
'''
def m(text, id="m"): return Message(id, 0, "s", (), text)
def t(found): return [one.text for one in found]
def e(f, *args):
    try: return f(*args)
    except Exception as x: return [type(x).__name__, str(x)]
names = ["zz_new", "zz_old", "zz_three"]
paths = [f"plugins/{name}.py" for name in names]
def write():
    for name, path, api in zip(names, paths, ("2", "1", "3")):
        with open(path, "w") as f: f.write(SOURCE.format(name=name, api=api))
    with open("plugins/zz_none.py", "w") as f: f.write("NAME = 'zz_none'\\ndef handle(msg, conf): return msg\\n")
    paths.append("plugins/zz_none.py")
    importlib.invalidate_caches()
def clear():
    for path in paths: os.remove(path)
def chain(*marks): return Host([("zz_new", {"mark": mark}) for mark in marks])
write()
try:
    answer(eval("(" + TEST + ")"))
finally:
    clear()
"""


def host(expression):
    return python(f"TEST = {expression!r}\n" + HOST)


@milestone("the host: which plugins it takes")
def host_takes():
    got = host("[e(Host, [(n, {})]) for n in ('zz_old', 'zz_three', 'zz_none', 'zz_missing')] + [e(Host, [('zz_new', {'bad': 1})]), e(Host, [('zz_new', {}), ('zz_old', {})]), t(chain().send(m('x'))), hasattr(sys.modules['chime.host'], 'command')]")
    old = "is not of interface 2"
    assert got == [["PluginError", f"zz_old: {old}"], ["PluginError", f"zz_three: {old}"], ["PluginError", f"zz_none: {old}"], ["PluginError", "zz_missing: is not there"], ["OptionError", "zz_new: option bad: no"], ["PluginError", f"zz_old: {old}"], ["x"], False], got


@milestone("the host: messages through the chain")
def host_sends():
    got = host("""[t(chain("1", "2").send(m("twice"))), t(chain("1", "2").send(m("hold1"))), t(chain("1", "2").send(m("hold")))]
      + [(lambda log: (lambda h: [t(h.send(m("hard"))), t(h.send(m("x"))), log])(Host([("zz_new", {"mark": "1"}), ("zz_new", {"mark": "2"})], log)))([])]
      + [e(chain("1").send, m(text)) for text in ("bug",)] + [e(chain("1").send, m(text))[0] for text in ("none", "texts", "tuple")]""")
    assert got == [["one12", "two12"], [], ["hold12"], [["hard"], ["x12"], ["zz_new: too hard", "zz_new: too hard"]], ["KeyError", "'bug'"], "TypeError", "TypeError", "TypeError"], got


@milestone("the host: ticks and the end")
def host_ends():
    got = host("""(lambda h: [t(h.tick(3)), t(h.tick(4)), t(h.send(m("hold1"))), t(h.send(m("hol", "n"))), t(h.close()), h.close(), e(h.send, m("x"))[0], e(h.tick, 1)[0], e(chain("1").tick, -1)[0]])(chain("1", "2", "3"))
      + [(lambda h: [t(h.send(m("hold"))), t(h.close())])(chain("", "d"))]""")
    assert got == [["t123", "t23", "t3"], [], [], ["hol123"], ["late123"], [], "RuntimeError", "RuntimeError", "TypeError", [[], ["lated"]]], got


@milestone("the command line")
def command():
    done = run("""
d=$(mktemp -d)
cp plugins/__init__.py $d/; cat > plugins/zz_line.py <<'END'
from chime.api import Message, OptionError, PluginError
class Plugin:
    name, api = "zz_line", 2
    def __init__(self, options):
        if options: raise OptionError("zz_line", "o", "bad")
    def process(self, message):
        if message.text == "hard": raise PluginError("zz_line", "too hard")
        return [] if message.text == "drop" else [message.but(tags=message.tags | {"b"})]
    def tick(self, now): return [Message("tick", now, "zz")]
    def close(self): return [Message("end", 1, "zz", ("x", "a"), "bye")]
END
echo '{"plugins": [{"name": "zz_line"}]}' > $d/c; echo '{"plugins": [{"name": "zz_line", "options": {"o": 1}}]}' > $d/o; echo '{"plugins": [{"name": "zz_gone", "options": {}}]}' > $d/g
m='{"id": "1", "time": 2, "sender": "s", "text": "t"}'; n='{"text": "hard", "id": "2", "tags": ["z", "y"], "to": ["q", "p"], "time": 3, "sender": "s"}'
printf '%s\\n' "$m" "" '{"tick": 7}' "$n" | python3 -m chime $d/c 2> $d/err; echo $? $(cat $d/err)
for l in 'no' '{"id": "1"}' '[1]'; do printf '%s\\n' "$m" "" "$l" "$m" | python3 -m chime $d/c 2> $d/err; echo $? $(cat $d/err); done
python3 -m chime $d/o < /dev/null 2> $d/err; echo $? $(cat $d/err); python3 -m chime $d/g < /dev/null 2> $d/err; echo $? $(cat $d/err)
rm plugins/zz_line.py""")
    one = '{"id": "1", "time": 2, "sender": "s", "to": [], "text": "t", "tags": ["b"]}'
    assert done.stdout.splitlines() == [
        one, '{"id": "tick", "time": 7, "sender": "zz", "to": [], "text": "", "tags": []}', '{"id": "2", "time": 3, "sender": "s", "to": ["q", "p"], "text": "hard", "tags": ["y", "z"]}',
        '{"id": "end", "time": 1, "sender": "zz", "to": ["x", "a"], "text": "bye", "tags": []}', "0 zz_line: too hard", *[one, "2 chime: line 3: no message"] * 3, "2 chime: zz_line: option o: bad", "2 chime: zz_gone: is not there"], done  # fmt: skip


@check("the types are as they were")
def api():
    got = python("""
from chime.api import NEEDED, Message, OptionError, PluginError, read_options
def e(*args):
    try: return read_options(*args)
    except OptionError as x: return str(x)
m = Message("a", 1, "s")
answer([m.but(text="t").text, m.text, m.to, str(PluginError("p", "w")), e("p", {"a": 1}, {"a": (int, 5)}), e("p", {}, {"a": (int, NEEDED)}), e("p", {"a": True}, {"a": (int, 5)}), e("p", {"b": 1}, {})])""")
    assert got == ["t", "", (), "p: w", {"a": 1}, "p: option a: it is needed", "p: option a: True is no int", "p: option b: there is no such option"], got


@check("the visible suite is green")
def suite():
    got = python("""
import io, unittest
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.discover("."))
answer((result.wasSuccessful(), result.testsRun >= 17))
""")
    assert got == (True, True), got


decide()
