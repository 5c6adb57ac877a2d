from judge import check, decide, milestone, python, run

HEAD = """
import contextlib, io, os, tempfile
from larder.cli import main
folder = tempfile.mkdtemp()
def file(name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f: f.write(text)
    return path
FIRST = '''larder 1
# first
# second
item beans g rack-1 500
lot 2026-01-10 300
lot 2026-02-01 900
lot - 50
item cream ml cold 200
lot 2026-01-05 150
item eggs pc cold 12
item juice ml rack-1 0
lot 2026-01-10 1000
lot 2026-03-01 1000
item oats g rack-2 1500
lot 2026-02-01 100
lot - 1399
item water ml none 0
'''
PATH = file("p.larder", FIRST)
def text():
    with open(PATH, encoding="utf-8") as f: return f.read()
def ask(*args):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["--file", PATH, *args])
    return code, out.getvalue().splitlines(), err.getvalue().strip()
def good(*args):
    code, lines, err = ask(*args)
    assert (code, err) == (0, ""), f"{args}: {code} {err}"
    return lines
def part(name):
    rows, found = [], False
    for line in text().splitlines():
        if line.startswith("item "): found = line.split()[1] == name
        if found: rows.append(line)
    return rows
def bad(code, *calls):
    wrong = []
    for args in calls:
        args, message = (args[:-1], args[-1][1:]) if args[-1][:1] == "=" else (args, None)
        got, lines, err = ask(*args)
        if (got, lines, text() == FIRST) != (code, [], True) or not err.startswith("larder: ") or (message and err != "larder: " + message) or len(err.splitlines()) != 1:
            wrong.append((args, got, lines, err))
    return wrong
"""


def ask(code):
    return python(HEAD + code)


@milestone("new")
def new():
    got = ask("""
answer([good("new", "tea", "g"), good("new", "--shelf", "top-9", "9rice", "--min", "1.25kg", "g"), good("new", "ice", "pc", "--min", "3"), part("tea"), part("9rice"), part("ice"), text().startswith("larder 1\\n# first\\n# second\\nitem 9rice"), text().splitlines()[4]])""")
    assert got == [["new: tea"], ["new: 9rice"], ["new: ice"], ["item tea g none 0"], ["item 9rice g top-9 1250"], ["item ice pc none 3"], True, "item beans g rack-1 500"], got


@milestone("add")
def add():
    got = ask("""
said = [good("add", "beans", "50", "--best", "2026-01-20"), good("add", "--best", "2026-02-01", "beans", "0.1 kg"), good("add", "beans", "1g"), good("add", "eggs", "7pc"), good("add", "water", "1.5l")]
answer([said, part("beans"), part("eggs"), part("water"), part("oats")])""")
    assert got[0] == [["beans: 1.3 kg"], ["beans: 1.4 kg"], ["beans: 1.401 kg"], ["eggs: 7 pc"], ["water: 1.5 l"]], got
    assert got[1] == ["item beans g rack-1 500", "lot 2026-01-10 300", "lot 2026-01-20 50", "lot 2026-02-01 1000", "lot - 51"], got
    assert got[2:] == [["item eggs pc cold 12", "lot - 7"], ["item water ml none 0", "lot - 1500"], ["item oats g rack-2 1500", "lot 2026-02-01 100", "lot - 1399"]], got


@milestone("take")
def take():
    got = ask("""
said = [good("take", "beans", "100"), good("take", "beans", "1.12kg"), good("take", "juice", "1l"), good("take", "juice", "1000 ml"), good("take", "oats", "1")]
answer([said, part("beans"), part("juice"), part("oats")])""")
    assert got[0] == [["2026-01-10 100 g", "beans: 1.15 kg"], ["2026-01-10 200 g", "2026-02-01 900 g", "- 20 g", "beans: 30 g"], ["2026-01-10 1 l", "juice: 1 l"], ["2026-03-01 1 l", "juice: 0 ml"], ["2026-02-01 1 g", "oats: 1.498 kg"]], got
    assert got[1:] == [["item beans g rack-1 500", "lot - 30"], ["item juice ml rack-1 0"], ["item oats g rack-2 1500", "lot 2026-02-01 99", "lot - 1399"]], got


@milestone("list")
def listing():
    got = ask("""
answer([good("list"), good("list", "--low"), good("list", "--shelf", "rack-1"), good("list", "--shelf", "cold", "--low"), ask("list", "--low", "--shelf", "rack-1"), ask("list", "--shelf", "attic"), text() == FIRST,
        file("p.larder", "larder 1\\nitem chickpeas g b 5\\nitem tea g a 0\\nitem rusk pc a 1\\nlot - 1\\n")[:0] or good("list", "--shelf", "a"), good("list")])""")
    assert got == [
        ["beans  1.25 kg", "cream  150 ml !", "eggs   0 pc !", "juice  2 l", "oats   1.499 kg !", "water  0 ml"], ["cream  150 ml !", "eggs   0 pc !", "oats   1.499 kg !"], ["beans  1.25 kg", "juice  2 l"],
        ["cream  150 ml !", "eggs   0 pc !"], (1, [], ""), (1, [], ""), True,
        ["rusk  1 pc", "tea   0 g"], ["chickpeas  0 g !", "rusk       1 pc", "tea        0 g"]], got  # fmt: skip


@milestone("show")
def show():
    got = ask("""answer([good("show", "oats"), good("show", "water"), good("show", "juice"), good("show", "eggs"), text() == FIRST])""")
    assert got == [
        ["oats (g)", "shelf: rack-2", "minimum: 1.5 kg", "stock: 1.499 kg low", "  2026-02-01 100 g", "  - 1.399 kg"], ["water (ml)", "shelf: none", "minimum: 0 ml", "stock: 0 ml"],
        ["juice (ml)", "shelf: rack-1", "minimum: 0 ml", "stock: 2 l", "  2026-01-10 1 l", "  2026-03-01 1 l"], ["eggs (pc)", "shelf: cold", "minimum: 12 pc", "stock: 0 pc low"], True], got  # fmt: skip


@milestone("move")
def move():
    got = ask("""
answer([good("move", "eggs", "beans", "eggs", "oats", "rack-2"), part("eggs"), part("beans")[0], part("oats")[0], good("move", "oats", "rack-2"), good("move", "cream", "juice", "water", "x"), [p.split()[3] for p in text().splitlines() if p.startswith("item")]])""")
    assert got == [["moved: 2"], ["item eggs pc rack-2 12"], "item beans g rack-2 500", "item oats g rack-2 1500", ["moved: 0"], ["moved: 3"], ["rack-2", "x", "rack-2", "x", "rack-2", "x"]], got


@milestone("rename")
def rename():
    got = ask("""
answer([good("rename", "oats", "a-oats"), good("rename", "beans", "zz"), [p.split()[1] for p in text().splitlines() if p.startswith("item")], part("a-oats"), part("zz"), part("oats")])""")
    assert got == [["oats -> a-oats"], ["beans -> zz"], ["a-oats", "cream", "eggs", "juice", "water", "zz"], ["item a-oats g rack-2 1500", "lot 2026-02-01 100", "lot - 1399"],
                   ["item zz g rack-1 500", "lot 2026-01-10 300", "lot 2026-02-01 900", "lot - 50"], []], got  # fmt: skip


@milestone("expire")
def expire():
    got = ask("""
first = [good("expire", "2026-01-11"), ask("expire", "2026-01-05"), good("expire", "2027-01-01"), text() == FIRST]
second = [good("expire", "--drop", "2026-02-01"), part("beans"), part("cream"), part("juice"), part("oats"), ask("expire", "2026-02-01", "--drop")]
answer([first, second])""")
    early = ["2026-01-05 cream 150 ml", "2026-01-10 beans 300 g", "2026-01-10 juice 1 l"]
    assert got[0] == [early, (1, [], ""), [*early, "2026-02-01 beans 900 g", "2026-02-01 oats 100 g", "2026-03-01 juice 1 l"], True], got
    assert got[1] == [[*early, "dropped: 3"], ["item beans g rack-1 500", "lot 2026-02-01 900", "lot - 50"], ["item cream ml cold 200"], ["item juice ml rack-1 0", "lot 2026-03-01 1000"], ["item oats g rack-2 1500", "lot 2026-02-01 100", "lot - 1399"], (1, [], "")], got


@milestone("shop")
def shop():
    got = ask("""
said = [good("shop"), good("shop", "--days", "1"), good("shop", "--days", "10"), text() == FIRST]
file("p.larder", "larder 1\\nitem a g z 5\\nlot - 5\\nitem b g a 3\\nlot - 1\\nitem c g a 0\\nitem aa pc b 1\\n")
said.append(good("shop"))
file("p.larder", "larder 1\\nitem a g z 5\\nlot - 5\\n")
answer([*said, ask("shop"), ask("shop", "--days", "9")])""")
    assert got == [["cold cream 250 ml", "cold eggs 24 pc", "rack-2 oats 1.501 kg"], ["cold cream 50 ml", "cold eggs 12 pc", "rack-2 oats 1 g"], ["cold cream 1.85 l", "cold eggs 120 pc", "rack-2 oats 13.501 kg"], True,
                   ["a b 5 g", "b aa 2 pc"], (1, [], ""), (1, [], "")], got  # fmt: skip


@milestone("merge")
def merge():
    got = ask("""
answer([good("merge", "oats", "beans"), part("beans"), part("oats"), good("merge", "juice", "cream"), part("cream"), good("merge", "water", "cream"), [p.split()[1] for p in text().splitlines() if p.startswith("item")]])""")
    assert got == [["beans: 2.749 kg"], ["item beans g rack-1 1500", "lot 2026-01-10 300", "lot 2026-02-01 1000", "lot - 1449"], [], ["cream: 2.15 l"],
                   ["item cream ml cold 200", "lot 2026-01-05 150", "lot 2026-01-10 1000", "lot 2026-03-01 1000"], ["cream: 2.15 l"], ["beans", "cream", "eggs"]], got  # fmt: skip


@milestone("count")
def count():
    got = ask("""
said = [good("count", "cream", "0.2l"), part("cream"), good("count", "beans", "1.3 kg"), part("beans"), good("count", "beans", "950"), part("beans"), good("count", "juice", "0"), part("juice"), good("count", "eggs", "0 pc"), good("count", "eggs", "12"), part("eggs"), good("count", "oats", "1.499kg"), good("count", "juice", "3l"), part("juice")]
answer(said)""")
    assert got[:2] == [["cream: +50 ml"], ["item cream ml cold 200", "lot 2026-01-05 150", "lot - 50"]], got
    assert got[2:] == [["beans: +50 g"], ["item beans g rack-1 500", "lot 2026-01-10 300", "lot 2026-02-01 900", "lot - 100"], ["beans: -350 g"], ["item beans g rack-1 500", "lot 2026-02-01 850", "lot - 100"], ["juice: -2 l"], ["item juice ml rack-1 0"],
                   ["eggs: as expected"], ["eggs: +12 pc"], ["item eggs pc cold 12", "lot - 12"], ["oats: as expected"], ["juice: +3 l"], ["item juice ml rack-1 0", "lot - 3000"]], got  # fmt: skip


@milestone("import")
def importing():
    got = ask("""
path = file("a.csv", 'name,quantity,best\\nbeans, 1kg ,2026-02-01\\n\\ntea,250g,\\n"kiwi",4,2026-01-09\\ntea,50,2026-05-05\\n kiwi , 2pc ,\\nmilk,0.5l,\\n')
answer([good("import", path), part("beans"), part("tea"), part("kiwi"), part("milk"), good("import", file("b.csv", "name,quantity,best\\n")), good("import", file("c.csv", "name,quantity,best\\r\\neggs,6,\\r\\n")), part("eggs"), text().splitlines()[1:3]])""")
    assert got == [["imported: 6"], ["item beans g rack-1 500", "lot 2026-01-10 300", "lot 2026-02-01 1900", "lot - 50"], ["item tea g none 0", "lot 2026-05-05 50", "lot - 250"], ["item kiwi pc none 0", "lot 2026-01-09 4", "lot - 2"],
                   ["item milk ml none 0", "lot - 500"], ["imported: 0"], ["imported: 1"], ["item eggs pc cold 12", "lot - 6"], ["# first", "# second"]], got  # fmt: skip


@milestone("what new, add and take refuse")
def refuse_stock():
    got = ask("""answer(bad(2, ("new",), ("new", "tea"), ("new", "tea", "g", "x"), ("new", "Tea", "g"), ("new", "beans", "kg"), ("new", "tea", "g", "--shelf"), ("new", "tea", "g", "--shelf", "A 1"), ("new", "tea", "g", "--min", "-1"), ("new", "tea", "g", "--min", "1", "--min", "2"), ("new", "x" * 21, "g"), ("new", "tea", "g", "--best", "2026-01-01"),
    ("add", "beans"), ("add", "tea", "much"), ("add", "beans", "0"), ("add", "beans", "1.5"), ("add", "beans", "5", "--best", "2026-02-30"), ("add", "tea", "5", "--best", "1.2.2026"), ("add", "beans", "5", "6"),
    ("take", "beans"), ("take", "tea", "0g"), ("take", "beans", "x"), ("take", "beans", "5", "--best", "2026-02-01"))
    + bad(3, ("new", "beans", "ml", "=beans is there already"), ("new", "tea", "g", "--min", "1l", "=tea is kept in g"), ("new", "eggs", "g", "--min", "1l", "=eggs is there already"),
    ("add", "tea", "5", "=no item tea"), ("add", "eggs", "5g", "=eggs is kept in pc"), ("take", "tea", "5", "=no item tea"), ("take", "beans", "1l", "=beans is kept in g"), ("take", "beans", "9l", "=beans is kept in g"), ("take", "beans", "1251", "=only 1.25 kg of beans"), ("take", "eggs", "1", "=only 0 pc of eggs")))""")
    assert got == [], got


@milestone("what list, show and move refuse")
def refuse_views():
    got = ask("""answer(bad(2, ("list", "beans"), ("list", "--shelf"), ("list", "--low", "--low"), ("list", "--shelf", "?"), ("list", "--high"), ("show",), ("show", "beans", "eggs"), ("show", "--all", "beans"), ("show", "BEANS"),
    ("move",), ("move", "beans"), ("move", "tea", "A1"), ("move", "beans", "x", "--to", "y"), ("move", "be ans", "x"))
    + bad(3, ("show", "tea", "=no item tea"), ("move", "beans", "tea", "x", "=no item tea"), ("move", "zz", "beans", "yy", "x", "=no item zz")))""")
    assert got == [], got


@milestone("what rename, expire and shop refuse")
def refuse_order():
    got = ask("""answer(bad(2, ("rename", "beans"), ("rename", "tea", "Coffee"), ("rename", "beans", "a", "b"), ("expire",), ("expire", "2026-1-1"), ("expire", "2026-13-01"), ("expire", "2026-01-11", "--drop", "--drop"), ("expire", "2026-01-11", "beans"), ("expire", "2026-01-11", "--all"),
    ("shop", "now"), ("shop", "--days"), ("shop", "--days", "0"), ("shop", "--days", "2.5"), ("shop", "--days", "-1"), ("shop", "--weeks", "1"))
    + bad(3, ("rename", "tea", "beans", "=no item tea"), ("rename", "beans", "eggs", "=eggs is there already"), ("rename", "eggs", "eggs", "=eggs is there already")))""")
    assert got == [], got


@milestone("what merge, count and import refuse")
def refuse_rest():
    got = ask("""
head = "name,quantity,best\\n"
files = [file(f"w{n}.csv", t) for n, t in enumerate((head + "beans,1kg,\\nbeans,1kg\\n", head + "\\nTea,1,\\n", head + "tea,0,\\nbeans,1l,\\n", head + "new,1g,\\nnew,1,\\nnew,1ml,\\n", head + "beans,1,2026-02-30\\n", head + "beans,,\\n", head + "beans,1,,\\n"))]
lines = []
for path in files:
    code, out, err = ask("import", path)
    lines.append((code, out, ":".join(err.split(":")[:2]), text() == FIRST))
empty, other = file("e.csv", ""), file("o.csv", "name,best,quantity\\nbeans,,1\\n")
first = "=line 1: name,quantity,best is needed"
answer([lines, bad(2, ("merge", "beans"), ("merge", "beans", "Eggs"), ("merge", "beans", "eggs", "oats"), ("count", "beans"), ("count", "tea", "-1"), ("count", "beans", "1.5"), ("count", "beans", "1", "2"), ("import",), ("import", empty, other), ("import", "--dry", empty))
    + bad(3, ("merge", "tea", "beans", "=no item tea"), ("merge", "beans", "tea", "=no item tea"), ("merge", "tea", "tea", "=no item tea"), ("merge", "beans", "beans", "=cannot merge beans into itself"), ("merge", "eggs", "beans", "=beans is kept in g"), ("count", "tea", "0", "=no item tea"), ("count", "eggs", "0 l", "=eggs is kept in pc"),
    ("import", folder + "/none.csv", f"=cannot read {folder}/none.csv"), ("import", empty, first), ("import", other, first))])""")
    assert got[0] == [(3, [], f"larder: line {n}", True) for n in (3, 3, 2, 4, 2, 2, 2)], got
    assert got[1] == [], got


@check("the shared parts and init")
def shared():
    done = run("""
d=$(mktemp -d); export LARDER=$d/x; m="python3 -m larder"
$m init | sed "s#$d##"; cat $d/x; $m init > $d/out 2> $d/err; echo $? $(cat $d/out) $(sed "s#$d##" $d/err); $m fly 2> /dev/null; echo $?; $m --file 2> /dev/null; echo $?""")
    assert done.stdout == "new file /x\nlarder 1\n3 larder: /x is there already\n2\n2\n", done
    got = python("""
from larder import quantities as q, store, words
text = "larder 1\\n# a\\nitem b g s 5\\nlot 2026-01-01 3\\nlot - 2\\n"
answer([store.show(store.parse(text)) == text, q.parse_quantity("0.75 l"), q.show_quantity(1010, "g"), words.split(["--a", "b", "c"], ("--a",))])""")
    assert got == [True, (750, "ml"), "1.01 kg", (["c"], {"--a": "b"})], got


@check("the visible suite is green")
def suite():
    got = python("""
import io, unittest
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.discover("."))
answer((result.wasSuccessful(), result.testsRun >= 28))
""")
    assert got == (True, True), got


decide()
