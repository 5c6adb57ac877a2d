from judge import check, decide, python

HEAD = """
from planner.planner import Planner
p = Planner()
def do(*words):
    try: p.change(*words)
    except ValueError: return False
    return True
def beds(): return {name: dict(plants) for name, plants in p.plan.beds.items()}
"""


@check("every state comes back, backwards and forwards")
def walk():
    got = python(HEAD + """
states = [beds()]
for words in (("add_bed","a"),("put","a","kale",(0,0)),("put","a","leek",(1,0)),("put","a","kale",(2,2)),("rename_bed","a","b"),("remove","b","leek"),("add_bed","c")):
    do(*words); states.append(beds())
back = [beds()]
while p.undo(): back.append(beds())
forth = [beds()]
while p.redo(): forth.append(beds())
p.undo(); p.undo(); p.redo()
answer((back == states[::-1], forth == states, beds() == states[-2], len({str(s) for s in states})))
""")
    assert got == (True, True, True, 8), got


@check("nothing to undo or redo")
def nothing():
    assert python(HEAD + "answer((p.undo(), p.redo(), beds(), do('add_bed', 'a'), p.redo(), p.undo(), p.undo()))") == (False, False, {}, True, False, True, False)


@check("a refused change is no step and changes nothing")
def refused():
    got = python(HEAD + """
do("add_bed","a"); do("add_bed","b"); do("put","a","x",(0,0)); do("put","a","y",(1,1))
before = beds()
tries = [do("add_bed","a"), do("rename_bed","a","b"), do("put","a","y",(0,0)), do("remove","b","x")]
same = beds() == before
p.undo()
answer((tries, same, beds()))
""")
    assert got == ([False] * 4, True, {"a": {"x": (0, 0)}, "b": {}}), got


@check("a refused change does not forget what can be redone")
def refused_redo():
    got = python(HEAD + "do('add_bed','a'); do('add_bed','b'); p.undo(); do('add_bed','a'); answer((p.redo(), sorted(beds())))")
    assert got == (True, ["a", "b"]), got


@check("a new change forgets what could be redone")
def forget():
    got = python(HEAD + "do('add_bed','a'); do('add_bed','b'); p.undo(); do('add_bed','c'); answer((p.redo(), sorted(beds()), p.undo(), p.undo(), beds()))")
    assert got == (False, ["a", "c"], True, True, {}), got


@check("what changes nothing is no step")
def same():
    got = python(HEAD + """
do("add_bed","a"); do("put","a","x",(0,0)); do("put","a","y",(1,1)); p.undo()
tries = [do("put","a","x",(0,0)), do("rename_bed","a","a")]
redone = p.redo()
answer((tries, redone, beds(), p.undo(), p.undo(), beds()))
""")
    assert got == ([True, True], True, {"a": {"x": (0, 0), "y": (1, 1)}}, True, True, {"a": {}}), got


@check("at most 50 steps")
def limit():
    got = python(HEAD + """
for n in range(60): do("add_bed", f"b{n}")
count = 0
while p.undo(): count += 1
left = len(beds())
again = 0
while p.redo(): again += 1
answer((count, left, again, len(beds())))
""")
    assert got == (50, 10, 50, 60), got


@check("what is given out is a copy")
def copies():
    got = python(HEAD + """
do("add_bed","a"); do("put","a","x",(0,0))
mine = p.plan
mine.beds["a"]["x"] = (9, 9); mine.beds["new"] = {}
one = beds()
p.undo(); p.redo()
answer((one, beds()))
""")
    assert got == ({"a": {"x": (0, 0)}},) * 2, got


decide()
