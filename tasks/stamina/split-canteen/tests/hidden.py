import ast
import hashlib
import os

from judge import check, decide, milestone, python, read, run

NAMES = {
    "units": "UNITS_FILE _UNITS _BIGGEST_FIRST load_units is_unit dimension_of to_base convert best_unit _parse_number _show_number format_amount".split(),
    "model": "CanteenError UnknownUnit ParseError Ingredient Recipe".split(),
    "parsing": "SEPARATOR _HEADER _LINE _PINCH parse_recipe parse_book load_book _parse_header _split_line _parse_ingredient".split(),
    "scaling": "scale _scale_one _round_amount merge_ingredients".split(),
    "planning": "PRICES_FILE Menu _today next_monday plan_week shopping_list load_prices recipe_cost menu_cost".split(),
    "output": "FORMATS PLUGINS register write_text write_json write_card _amount_text write _load_plugins run_job main _answer".split(),
}
AROUND = {
    "importer.py": "78d21d8e0e81bf21ee26fe20978643f8406627fd2901845b19378b935b5726c3",
    "board.py": "583038d156cba2e7d63f6490f03921208ef352c8541a7d55a9698d6223e09a19",
    "archive.py": "10be527ce1df98b06eb8336c18260d9476c3f8baa40e863efae71d0a5c381427",
    "night.py": "e74bae044948c0e0821a0edf0da5edbc4b95d39166fdd92486deb3155081922a",
    "plugins/html.py": "2730b9f86d42f3db7e163669b187acff9044843f4c9e33c5b65b39d795f2ef97",
    "data/book.txt": "98807e7da37c9e2945d659d54ec3cdd0ad15f6beaa7c8826075f614894bb6f0e",
    "data/jobs.json": "65d6ae65d14d6865b795539be2eac6fcdd2695449a2ada2051e3967c46976a7e",
    "data/prices.csv": "7660f3d5d96bb1267bf9879c45f51ff62f08e75404aa4e21f4308cb15baa728d",
    "data/units.txt": "ec1038df0341c9353892f773a816f0c556c678385296d0281bed7d17f2b330b2",
    "data/week.txt": "9a96bc9df9379f31b7e9a52bd3994d3a69219cea6385a0c3ac753982ffccdfd3",
}
STEW = '# Stew (6)\\n750 g beef, in cubes\\n1 1/2 l water\\n3 onion\\n2 large potato\\na pinch of pepper\\n> Cook.\\ntags: warm, beef\\n'


def lives(module):
    """The module's names are the package's, and their code stands in the module's file."""
    got = python("""
import importlib, os
import canteen
module = importlib.import_module("canteen.%s")
names = %r
strangers = []
for name in names:
    value = getattr(module, name)
    codes = [getattr(f, "__func__", f).__code__ for f in ([value] if not isinstance(value, type) else vars(value).values()) if hasattr(getattr(f, "__func__", f), "__code__")]
    files = {os.path.relpath(c.co_filename) for c in codes if os.path.isfile(c.co_filename)}
    if value is not getattr(canteen, name) or {f for f in files if not f.startswith("..")} - {"canteen/%s.py"}:
        strangers.append(name)
answer(strangers)""" % (module, NAMES[module], module))
    assert got == [], "not at home in canteen/%s.py, or not the package's: %s" % (module, got)


@milestone("units")
def units():
    lives("units")
    got = python("""
from canteen import units as u
from fractions import Fraction as F
def kind(f, *args):
    try: f(*args)
    except Exception as e: return type(e).__name__
answer([str(u.convert(3, "cup", "l")), kind(u.convert, 1, "g", "l"), kind(u.to_base, 1, "barrel"), [str(x) for x in u.best_unit(F(2500), "volume")], u.format_amount(F(7, 3), "kg"), str(u._parse_number("2 3/4")), u.is_unit("dozen")])""")
    assert got == ["18/25", "CanteenError", "UnknownUnit", ["5/2", "l"], "2.33 kg", "11/4", True], got


@milestone("the model")
def model():
    lives("model")
    got = python("""
from canteen.model import Ingredient, Recipe, ParseError, CanteenError, UnknownUnit
import canteen
answer([str(ParseError(3, "why")), issubclass(UnknownUnit, CanteenError), Recipe("a", 1).has_tags(), Recipe("a", 1, [Ingredient("egg")]).needs("egg"), Recipe("a", 2) == canteen.Recipe("a", 2), hash(Ingredient("egg")) == hash(canteen.Ingredient("egg")), str(Ingredient("salt"))])""")
    assert got == ["line 3: why", True, True, True, True, True, "a pinch of salt"], got


@milestone("parsing")
def parsing():
    lives("parsing")
    got = python("""
from canteen import parsing as p
def why(f, text):
    try: f(text)
    except Exception as e: return type(e).__name__, str(e)
r = p.parse_recipe("%s")
answer([r.title, r.portions, [str(i) for i in r.ingredients], r.steps, r.tags, list(p.parse_book("# A (1)\\n1 egg\\n---\\n\\n---\\n# B (2)\\n2 egg")), why(p.parse_book, "# A (1)\\n1 egg\\n---\\n# B (0)\\n"), why(p.parse_recipe, ""), why(p.parse_recipe, "# A (1)\\negg")])""" % STEW)
    assert got[:5] == ["Stew", 6, ["750 g beef, in cubes", "1.5 l water", "3 onion", "2 large potato", "a pinch of pepper"], ["Cook."], ("beef", "warm")], got
    assert got[5:] == [["A", "B"], ("ParseError", "line 4: a recipe is for one portion at least"), ("ParseError", "line 1: there is no recipe"), ("ParseError", "line 2: no amount in 'egg'")], got


@milestone("scaling")
def scaling():
    lives("scaling")
    got = python("""
from canteen import scaling as s
from canteen import Ingredient as I, Recipe as R
from fractions import Fraction as F
r = R("a", 3, [I("flour", F(100), "g"), I("egg", F(1)), I("salt"), I("milk", F(1), "l", "cold")], ["x"], ("t",))
t = s.scale(r, 4)
answer([[str(i) for i in t.ingredients], t.portions, t.steps, t.tags, t.steps is r.steps, [str(i) for i in s.merge_ingredients([*r.ingredients, I("milk", F(600), "ml"), I("salt"), I("egg", F(1), "dozen"), I("flour", F(1))])]])""")
    assert got == [["135 g flour", "1.5 egg", "a pinch of salt", "1.33 l milk, cold"], 4, ["x"], ("t",), False, ["13 egg", "1 flour", "100 g flour", "1.6 l milk", "a pinch of salt"]], got


@milestone("planning")
def planning():
    lives("planning")
    got = python("""
from canteen import planning as p
from canteen import parse_recipe, CanteenError
from datetime import date
import logging; logging.disable(logging.CRITICAL)
stew, cake = parse_recipe("%s"), parse_recipe("# Cake (8)\\n1 kg flour\\n8 egg\\n")
m = p.plan_week([stew, cake], 12, date(2026, 6, 1))
def why(*tags):
    try: p.plan_week([stew], tags=tags)
    except CanteenError as e: return str(e)
answer([[str(d) for d in m.days], [r.title for r in m.recipes()], len(m), [str(i) for i in p.shopping_list(m)], p.recipe_cost(cake), p.menu_cost(m, {"egg": (10, "piece"), "beef": (1, "l")}), why("cold"), str(p.next_monday(date(2026, 6, 1))), p.load_prices()["oil"]])""" % STEW)
    days = ["2026-06-0%d" % n for n in range(1, 6)]
    assert got[:3] == [days, ["Stew", "Cake", "Stew", "Cake", "Stew"], 5], got
    assert got[3:] == [["4.5 kg beef", "24 egg", "3 kg flour", "12 large potato", "18 onion", "a pinch of pepper", "9 l water"], 360, 240, "no recipe has the tags cold", "2026-06-08", (700, "l")], got


@milestone("output")
def output():
    lives("output")
    got = python("""
from canteen import output as o
from canteen import parse_recipe, CanteenError
import json
r = parse_recipe("%s")
def why(*args):
    try: o.write(*args)
    except CanteenError as e: return str(e)
answer([o.write(r), json.loads(o.write(r, "json"))["ingredients"][1], o.write_card(r).splitlines()[:2], why(r, "pdf")])""" % STEW)
    text = "# Stew (6)\n750 g beef, in cubes\n1.5 l water\n3 onion\n2 large potato\na pinch of pepper\n> Cook.\ntags: beef, warm\n"
    assert got == [text, ["3/2", "l", "water"], ["STEW", "750 g  beef"], "no format pdf; formats are card, html, json, text"], got


@milestone("canteen.STRICT takes effect")
def strict():
    got = python("""
import canteen
from canteen.parsing import parse_recipe
def tries():
    out = []
    for f in (parse_recipe, canteen.Recipe.from_text, canteen.parse_book):
        try: f("# A (1)\\n2 big egg\\n"); out.append("taken")
        except canteen.ParseError as e: out.append(str(e))
    return out
one = tries(); canteen.STRICT = True; two = tries(); canteen.STRICT = False
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()): canteen.main(["--strict", "show", "Lentil soup"])
answer([one, two, canteen.STRICT, tries()])""")
    bad = ["line 2: unknown unit 'big'"] * 3
    assert got == [["taken"] * 3, bad, True, bad], got


@milestone("canteen.ROUND_TO takes effect")
def round_to():
    got = python("""
import canteen
from canteen.scaling import scale
r = canteen.parse_recipe("# A (3)\\n1111 g flour\\n40 g salt\\n")
out = []
for n in (5, 100, 7):
    canteen.ROUND_TO = n
    out += [[str(i) for i in scale(r, 4).ingredients], [str(i) for i in r.scaled(4).ingredients]]
answer(out)""")
    want = [["1.48 kg flour", "55 g salt"], ["1.5 kg flour", "53 g salt"], ["1.48 kg flour", "53 g salt"]]
    assert got == [w for w in want for _ in range(2)], got


@milestone("canteen._today can be patched")
def today():
    got = python("""
from datetime import date
from unittest import mock
import canteen, board
from canteen.planning import next_monday, plan_week
r = canteen.Recipe("Soup", 4)
with mock.patch("canteen._today", return_value=date(2031, 1, 8)):
    m = plan_week([r])
    out = [str(next_monday()), [str(d) for d in m.days][::4], board.today(m), str(canteen.next_monday())]
with mock.patch.object(canteen, "_today", lambda: date(2031, 1, 14)):
    out += [board.today(m), str(next_monday())]
answer(out + [next_monday() > date.today()])""")
    assert got == ["2031-01-13", ["2031-01-13", "2031-01-17"], None, "2031-01-13", "Soup", "2031-01-20", True], got


@milestone("recipes reach their neighbours")
def cycle():
    got = python("""
from canteen.model import Recipe
r = Recipe.from_text("# A (2)\\n1 kg flour\\n2 egg\\n")
answer([str(r.scaled(3).ingredients[0]), r.to_text(), r.to_text("html"), r.cost(), r.cost({"egg": (7, "piece"), "flour": (1, "kg")}), [str(x) for x in r.ingredients[0].base()]])""")
    assert got == ["1.5 kg flour", "# A (2)\n1 kg flour\n2 egg\n", "<h1>A</h1><ul><li>1 kg flour</li><li>2 egg</li></ul><!-- 4 formats -->\n", 180, 15, ["1000", "mass"]], got


@milestone("each module can be the first")
def first():
    done = run("for m in %s; do python3 -B -W error -c \"import canteen.$m as m, canteen; assert m.__name__ == 'canteen.$m'; canteen.parse_recipe('# A (1)\\n1 egg').scaled(2).to_text('html')\" 2> /dev/null && echo $m; done" % " ".join(NAMES))
    assert done.stdout.split() == list(NAMES), "only these: %s" % done.stdout.split()


GLOBALS = """
import archive, os, pickle, pickletools, tempfile
import canteen
from canteen import model
def names(value): return sorted({arg for op, arg, _ in pickletools.genops(pickle.dumps(value, protocol=2)) if op.name == "GLOBAL" and arg.startswith("canteen")})
"""


@milestone("pickles of recipes and errors")
def recipe_pickles():
    got = python(GLOBALS + """
m = archive.fetch("data/week.txt")
recipes = list(m.days.values())
errors = [canteen.UnknownUnit("x"), canteen.ParseError(2, "y"), canteen.CanteenError("z")]
back = pickle.loads(pickle.dumps(errors))
answer([type(recipes[0]) is model.Recipe, [str(i) for r in m.recipes() for i in r.ingredients], names(recipes), names(errors), pickle.loads(pickle.dumps(recipes)) == recipes, [(type(e).__name__, str(e)) for e in back], back[0].unit, back[1].number])""")
    assert got[:4] == [True, ["9 kg beef", "24 onion", "a pinch of salt", "9.6 kg carrot, raw"], ["canteen Ingredient", "canteen Recipe"], ["canteen CanteenError", "canteen ParseError", "canteen UnknownUnit"]], got
    assert got[4:] == [True, [("UnknownUnit", "unknown unit 'x'"), ("ParseError", "line 2: y"), ("CanteenError", "z")], "x", 2], got


@milestone("pickles of menus")
def menu_pickles():
    got = python(GLOBALS + """
from canteen import planning
m = archive.fetch("data/week.txt")
path = os.path.join(tempfile.mkdtemp(), "m.txt")
archive.keep(m, path)
answer([type(m) is planning.Menu, archive.fetch(path) == m, "canteen Menu" in names(m), [n for n in names(m) if not n.startswith("canteen ")]])""")
    assert got == [True, True, True, []], got


@milestone("one registry of formats")
def registry():
    got = python("""
import canteen
from canteen import output
r = canteen.Recipe("A", 1)
before = len(canteen.FORMATS)
canteen.register("loud")(lambda recipe: recipe.title * 2)
output.register("soft")(lambda recipe: recipe.title.lower())
canteen.FORMATS["own"] = lambda recipe: "own"
html = canteen.write(r, "html")
try: canteen.register("html")
except canteen.CanteenError: pass
def twice():
    try: output.register("html")(print)
    except canteen.CanteenError: return True
answer([before, canteen.FORMATS is output.FORMATS, [output.write(r, n) for n in ("loud", "soft", "own")], [r.to_text(n) for n in ("loud", "soft")], html, twice(), sorted(output.FORMATS)])""")
    assert got == [3, True, ["AA", "a", "own"], ["AA", "a"], "<h1>A</h1><ul></ul><!-- 7 formats -->\n", True, ["card", "html", "json", "loud", "own", "soft", "text"]], got


@milestone("the logger's name")
def logger():
    got = python("""
import logging
import board, canteen
from canteen import parsing
logging.getLogger("canteen").setLevel(logging.INFO)
s = board.Screen(9)
parsing.parse_recipe("# A (1)\\n2 big egg\\n")
canteen.recipe_cost(canteen.Recipe("A", 1, [canteen.Ingredient("gold", 1)]))
canteen.run_job("is_unit", "kg")
parsing.parse_book("# A (1)\\n1 egg\\n---\\n# A (1)\\n2 egg")
answer([s.lines, canteen.log.name])""")
    assert got == [["canteen: line 2: 'big' is taken as part of the name", "canteen: no price for gold", "canteen: job is_unit", "canteen: A stands twice in the book"], "canteen"], got


ELSEWHERE = """
import os, sys
here = os.getcwd()
sys.path.insert(0, here)
os.chdir("/")
"""


@milestone("the importer and the units' file, from anywhere")
def importer():
    got = python(ELSEWHERE + """
import importer, canteen
from canteen import units
answer([units.load_units()["kg"], os.path.relpath(units.UNITS_FILE, here), os.path.relpath(canteen.FOLDER, here), importer._UNITS is units._UNITS is canteen._UNITS, importer._parse_number is units._parse_number, [str(i) for i in importer.import_line("x", "a = 1 1/2kg; b=3").ingredients]])""")
    assert got == [("mass", 1000), "data/units.txt", ".", True, True, ["1.5 kg a", "3 b"]], got


@milestone("the night's jobs and the price list, from anywhere")
def night():
    got = python(ELSEWHERE + """
import night, canteen
from canteen import planning, scaling
answer([night.find("list") is planning.shopping_list, night.find("plan_week") is planning.plan_week, night.find("round") is scaling._round_amount, planning.load_prices()["egg"], os.path.relpath(canteen.PRICES_FILE, here)])""")
    assert got == [True, True, True, (30, "piece"), "data/prices.csv"], got


@milestone("jobs by name")
def jobs():
    got = python("""
import canteen
from canteen import output
from datetime import date
def why(name):
    try: output.run_job(name)
    except canteen.CanteenError as e: return str(e)
canteen.extra = lambda: "extra"
answer([str(canteen.run_job("next_monday", day=date(2026, 6, 1))), output.run_job("parse_recipe", "# A (1)").title, str(output.run_job("_round_amount", 1234, "mass")), output.run_job("extra"), why("nothing"), why("STRICT")])""")
    assert got == ["2026-06-08", "A", "1235", "extra", "no job nothing", "no job STRICT"], got


@check("all names of before")
def names():
    got = python("""
import importlib
import canteen, importer
canteen.load_units()
table = %r
missing = [n for names in table.values() for n in [*names, "STRICT", "ROUND_TO", "FOLDER", "log"] if not hasattr(canteen, n)]
other = [n for m, names in table.items() for n in names if getattr(canteen, n, None) is not getattr(importlib.import_module("canteen." + m), n)]
space = {}
exec("from canteen import *", space)
answer([sorted(set(missing)), other, [n for names in table.values() for n in names if n[0] != "_" and n not in space], canteen._UNITS["g"], importer._UNITS is canteen._UNITS, [str(i) for i in importer.import_line("x", "a = 1 1/2kg; b=3").ingredients]])""" % NAMES)
    assert got == [[], [], [], ("mass", 1), True, ["1.5 kg a", "3 b"]], got


@milestone("the command line")
def command_line():
    got = python("from canteen import output; import canteen; answer(canteen.main is output.main)")
    done = run("""
here=$PWD; cd /tmp; c() { PYTHONPATH=$here python3 -B -W error -m canteen "$@" 2>&1; echo "= $?"; }
c show "Carrot salad" --portions 9 --format card; c shop --tag vegan --portions 3; c show Nothing; c --strict show Pancakes --format html; c bake | tail -1 | cut -c1-10""")
    want = "CARROT SALAD\n2.25 kg  carrot\n  75 ml  oil\n   8 ml  salt\n= 0\n"
    assert got is True and done.stdout.startswith(want), done.stdout
    rest = done.stdout[len(want) :].splitlines()
    assert "= 0" in rest and "canteen: no recipe Nothing" in rest and rest[rest.index("canteen: no recipe Nothing") + 1] == "= 1", rest
    assert rest[-3].startswith("<h1>Pancakes</h1>") and rest[-2] == "= 0" and rest[-1] == "= 2", rest


@check("small modules")
def small():
    files = sorted(f for f in os.listdir("canteen") if f.endswith(".py"))
    long = {f: n for f in files for n in [len(read("canteen/" + f).splitlines())] if n > 170}
    assert not long, "more than 170 lines: %s" % long
    made = [n.name for n in ast.walk(ast.parse(read("canteen/__init__.py"))) if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    assert not made, "canteen/__init__.py defines %s" % made
    assert not os.path.lexists("canteen.py"), "canteen.py is still there"
    assert set(files) >= {m + ".py" for m in NAMES}, files


@check("what stands around is as before")
def around():
    changed = [path for path, digest in AROUND.items() if hashlib.sha256(read(path).encode()).hexdigest() != digest]
    assert not changed, "changed: %s" % changed


@check("the visible suite is green")
def suite():
    got = python("""
import contextlib, io, unittest
result = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.discover("."))
answer((result.wasSuccessful(), result.testsRun >= 15, len(result.skipped)))""")
    assert got == (True, True, 0), got


decide()
