from judge import check, decide, python

START = """
from house.hub import Hub
hub, seen = Hub(), []
def says(word, *then):
    def listener(name, data):
        seen.append(word)
        for one in then:
            one()
    return listener
"""


@check("order by rank and addition, also of those for every name")
def order():
    got = python(
        START
        + """
hub.on("a", says("1")); hub.on("*", says("2"), rank=1); hub.on("a", says("3"), 1); hub.on("*", says("4")); hub.on("b", says("5"), 9)
hub.once("a", says("6"), 1); hub.on("a", says("7"), -2); hub.once("*", says("8"))
answer([hub.send("a"), "".join(seen), hub.send("a"), "".join(seen[7:]), hub.send("c")])
"""
    )
    assert got == [7, "2361487", 5, "23147", 2], got


@check("added while a signal is delivered")
def added():
    got = python(
        START
        + """
hub.on("a", says("x", lambda: hub.on("a", says("new"), 5), lambda: hub.on("a", says("last"), -5)))
counts = [hub.send("a")]
first = list(seen)
counts.append(hub.send("a"))
answer([counts, first, seen[1:]])
"""
    )
    assert got == [[1, 3], ["x"], ["new", "x", "last"]], got


@check("removed while a signal is delivered")
def removed():
    got = python(
        START
        + """
offs = {}
hub.on("a", says("first", lambda: offs["mid"](), lambda: offs["once"](), lambda: offs["early"]()))
offs["early"] = hub.on("a", says("early"), 3)
offs["mid"] = hub.on("*", says("mid"))
offs["once"] = hub.once("a", says("once"), -1)
hub.on("a", says("end"), -2)
one = hub.send("a")
answer([one, list(seen), hub.send("a"), seen[3:]])
"""
    )
    assert got == [3, ["early", "first", "end"], 2, ["first", "end"]], got


@check("the same listener, added and removed more than once")
def same():
    got = python(
        START
        + """
f = says("f")
off1, off2, off3 = hub.on("a", f), hub.on("a", f), hub.once("a", f)
off1(); off1(); off1()
counts = [hub.send("a"), hub.send("a")]
off3(); off3()
counts.append(hub.send("a"))
off4 = hub.on("a", f)
off1()
counts.append(hub.send("a"))
off2(); off2()
counts.append(hub.send("a"))
off4()
answer(counts + [hub.send("a")])
"""
    )
    assert got == [2, 1, 1, 2, 1, 0], got


@check("a signal that is sent while another is delivered waits")
def waits():
    got = python(
        START
        + """
back = []
hub.on("a", says("a1", lambda: back.append(hub.send("b")), lambda: back.append(hub.send("c")), lambda: hub.on("b", says("b late"))))
hub.on("a", says("a2", lambda: back.append(hub.send("b"))))
hub.on("b", says("b", lambda: back.append(hub.send("d"))))
hub.on("c", says("c", lambda: gone()))
gone = hub.on("d", says("d"))
answer([hub.send("a"), seen, back])
"""
    )
    assert got == [2, ["a1", "a2", "b", "b late", "c", "b", "b late"], [0] * 5], got


@check("once, also where it sends the same signal or raises")
def once():
    got = python(
        START
        + """
hub.once("a", says("again", lambda: hub.send("a")))
def bad(name, data):
    seen.append("bad")
    raise KeyError("k")
hub.once("b", bad)
counts = [hub.send("a"), hub.send("a")]
try:
    hub.send("b")
except KeyError as e:
    counts.append(e.args)
answer([counts, hub.send("b"), seen])
"""
    )
    assert got == [[1, 0, ("k",)], 0, ["again", "bad"]], got


@check("errors")
def errors():
    got = python(
        START
        + """
class Odd(Exception):
    pass
def bad(error, *then):
    def listener(name, data):
        for one in then:
            one()
        raise error
    return listener
first, second, third = Odd(1), ValueError(2), KeyError(3)
hub.on("a", bad(first, lambda: hub.send("b"))); hub.on("a", says("a")); hub.on("a", bad(second))
hub.on("b", bad(third)); hub.on("b", says("b"))
hub.on("c", says("c", lambda: hub.send("b")))
caught = []
for name in ("a", "c", "b"):
    try:
        hub.send(name)
    except Exception as e:
        caught.append([e is x for x in (first, second, third)].index(True))
off = hub.on("d", says("d"))
answer([caught, seen, hub.send("d")])
"""
    )
    assert got == [[0, 2, 2], ["a", "b", "c", "b", "b", "d"], 1], got


@check("data of one's own")
def data():
    got = python(
        START
        + """
def spoils(name, data):
    seen.append([data["list"][:], dict(data["deep"])])
    data["list"].append(name)
    data["deep"]["x"] = 1
    data["new"] = 1
hub.on("a", spoils); hub.on("a", spoils, 1); hub.on("*", spoils)
mine = {"list": [1], "deep": {}}
hub.send("a", mine)
def sender(name, data):
    later = {"list": [2], "deep": {}}
    hub.send("z", later)
    later["list"].append("after")
    later["deep"]["after"] = 1
hub.on("s", sender, 5)
hub.send("s", {"list": [], "deep": {}})
none = []
Hub_ = Hub()
Hub_.on("n", lambda name, data: none.append(data))
Hub_.send("n")
answer([mine, seen, none])
"""
    )
    assert got == [
        {"list": [1], "deep": {}},
        [[[1], {}]] * 3 + [[[], {}], [[2], {}]],
        [None],
    ], got


@check("in the house")
def house():
    got = python("""
from house.rules import House
house = House(["hall", "loft"], {"out": [("lamp.off", {"place": "hall"}), ("lock", {"n": [1]}), ("siren", {})], "in": [("unlock", {})], "none": []})
house.lamps["hall"].follow("door.opened")
house.lamps["hall"].follow("lock", on=False)
end = house.journal.everything()
house.welcome("loft")
house.doors["loft"].move(True); house.doors["hall"].move(True); house.doors["hall"].move(True)
lines = list(house.journal.lines)
answer([lines, house.lamps["hall"].on, house.lamps["loft"].on, house.scenes.unheard])
""")
    assert got == [
        [
            "door.opened place=loft",
            "door.opened place=loft",
            "lamp.on place=loft",
            "door.opened place=hall",
            "lamp.on place=hall",
        ],
        True,
        True,
        [],
    ], got


@check("scenes know which of their signals nobody heard")
def scenes():
    got = python("""
from house.hub import Hub
from house.scenes import Scenes
hub, seen = Hub(), []
scenes = Scenes(hub, {"out": [("lock", {"n": [1]}), ("siren", {}), ("lock", {}), ("bell", {})], "in": [("unlock", {})]})
hub.on("lock", lambda name, data: seen.append((name, data)))
hub.on("scene.done", lambda name, data: seen.append((name, data)))
hub.on("go", lambda name, data: (hub.send("scene.start", {"scene": "in"}), hub.send("scene.start", {"scene": "out"})))
counts = [hub.send("scene.start", {"scene": "out"})]
first = list(scenes.unheard)
hub.send("go")
hub.on("siren", lambda name, data: None); off = hub.on("unlock", lambda name, data: None)
later = len(scenes.unheard)
hub.send("scene.start", {"scene": "out"}); hub.send("scene.start", {"scene": "in"})
rest = scenes.unheard[later:]
scenes.close()
answer([counts, first, scenes.unheard[2:later], rest, hub.send("scene.start", {"scene": "in"}), seen[:3]])
""")
    out = [("out", "siren"), ("out", "bell")]
    assert got == [
        [1],
        out,
        [("in", "unlock")] + out,
        [("out", "bell")],
        0,
        [
            ("lock", {"n": [1], "scene": "out"}),
            ("lock", {"scene": "out"}),
            ("scene.done", {"scene": "out", "signals": 4}),
        ],
    ], got


decide()
