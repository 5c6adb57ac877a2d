import json

from judge import check, decide, python, run

RECIPES = {
    "a.txt": "1 l milk\n1.5 dl milk\n2 eggs\n0.5 kg flour\n1 tsp salt\n\n# 3 eggs\n",
    "b.txt": "100 ml flour\n4 eggs\n2 tbsp sugar\n1 tsp sugar\n1 tbsp olive oil\n3 bay leaves\n",
    "c.txt": "7 tsp flour\n1 tsp butter\n2 bay leaves\n0.5 eggs\n",
    "d.txt": "1 tsp sugar\n0.25 l cream\n0.5 eggs\n0.25 kg rice\n",
    "e.txt": "1 tsp sugar\n0.5 eggs\n0.5 ml cream\n0.25 g rice\n",
}


def shopping(*names):
    files = {name: RECIPES[name] for name in names}
    code = "import json,sys\nfor n, t in json.load(sys.stdin).items(): open(n, 'w').write(t)"
    run(f'python3 -c "{code}"', stdin=json.dumps(files))
    return run("python3 -m kitchen " + " ".join(names)).stdout.splitlines()


@check("one ingredient several times in one recipe")
def within():
    assert shopping("a.txt") == ["eggs 2", "flour 500 g", "milk 1150 ml", "salt 5 ml"]


@check("by weight, whatever it is measured in")
def weight():
    assert shopping("b.txt") == ["bay leaves 3", "eggs 4", "flour 60 g", "olive oil 15 ml", "sugar 30 g"]


@check("all together, rounded half up at the end")
def together():
    got = shopping("a.txt", "b.txt", "c.txt")
    assert got == ["bay leaves 5", "butter 5 g", "eggs 7", "flour 581 g", "milk 1150 ml", "olive oil 15 ml", "salt 5 ml", "sugar 30 g"], got


@check("the whole amount is rounded, not each part")
def whole():
    assert shopping("d.txt", "e.txt") == ["cream 251 ml", "eggs 1", "rice 250 g", "sugar 9 g"]


@check("the recipes of the report")
def report():
    done = run("python3 -m kitchen recipes/pancakes.txt recipes/sauce.txt")
    assert done.stdout == "butter 50 g\neggs 4\nflour 250 g\nmilk 700 ml\nsugar 26 g\n", done


@check("the reader's form")
def reader():
    got = python("from kitchen.reader import read_recipe; answer([tuple(x) for x in read_recipe('recipes/sauce.txt')])")
    assert got == [(2.0, "dl", "milk"), (20.0, "g", "butter"), (1.0, "", "eggs"), (2.0, "tbsp", "sugar")], got


decide()
