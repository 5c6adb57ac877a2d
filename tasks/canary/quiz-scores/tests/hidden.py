from judge import check, decide, python

HEAD = """
from quiz.game import Game
from quiz.sheet import Sheet
KEY = {1: "Paris", 2: "Seven", 3: "Blue"}
def game(*names):
    made = Game(KEY)
    for name in names: made.join(name)
    return made
def refused(action):
    try: action()
    except ValueError: return True
    return False
"""


@check("answers are a player's own, across games too")
def own():
    got = python(HEAD + """
one, two = game("a", "b"), game("a")
one.answer("a", 1, "paris"); one.answer("b", 2, " SEVEN ")
given = {3: "blue"}
sheet = Sheet("x", given); sheet.answer(1, "Paris")
answer((one.sheets["a"].answers, one.sheets["b"].answers, two.sheets["a"].answers, two.standings(), sheet.points(KEY), given))
""")
    assert got[:4] == ({1: "paris"}, {2: " SEVEN "}, {}, [("a", 0)]) and got[4] == 2, got


@check("renaming keeps points, answers and the place")
def rename():
    got = python(HEAD + """
g = game("zoe", "ann", "max")
g.answer("zoe", 1, "Paris"); g.answer("ann", 1, "Paris")
g.rename("zoe", "aaa"); g.answer("aaa", 2, "seven"); g.rename("max", "bob")
answer((g.standings(), sorted(g.sheets), g.sheets["aaa"].player, len(g.sheets["aaa"].answers)))
""")
    assert got == ([("aaa", 2), ("ann", 1), ("bob", 0)], ["aaa", "ann", "bob"], "aaa", 2), got


@check("equal points are in the order of joining, also after renaming")
def ties():
    got = python(HEAD + """
g = game("c", "b", "a")
g.rename("c", "z"); g.answer("a", 1, "no")
first = g.standings()
g.answer("a", 1, "paris"); g.answer("z", 1, "paris")
answer((first, g.standings()))
""")
    assert got == ([("z", 0), ("b", 0), ("a", 0)], [("z", 1), ("a", 1), ("b", 0)]), got


@check("a taken name changes nothing")
def taken():
    got = python(HEAD + """
g = game("a", "b")
g.answer("a", 1, "Paris")
answer((refused(lambda: g.rename("a", "b")), g.standings(), sorted(g.sheets), g.sheets["a"].player, refused(lambda: g.join("b"))))
""")
    assert got == (True, [("a", 1), ("b", 0)], ["a", "b"], "a", True), got


@check("an answer may be changed, wrong ones give no point")
def changed():
    got = python(HEAD + """
g = game("a")
g.answer("a", 1, "Paris"); g.answer("a", 1, "Rome"); g.answer("a", 9, "Blue")
answer(g.standings())
""")
    assert got == [("a", 0)], got


decide()
