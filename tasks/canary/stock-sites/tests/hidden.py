from judge import check, decide, python, raised

FULL = """
from stock.store import OutOfStock, Stock
from stock.audited import AuditedStock
def full(kind=Stock, **more):
    stock = kind()
    for site, count in (("central", 10), ("north", 4), ("returns", 2)):
        stock.put("A1", count, site=site)
    stock.put("B2", 1, site="north")
    return stock
def there(stock, sku="A1"):
    return [stock.left(sku, site=site) for site in ("central", "north", "returns")]
"""


@check("the site must be said, and be one")
def said():
    for kind in ("Stock", "AuditedStock"):
        for call in (
            "put('A1', 1)",
            "take('A1', 1)",
            "left('A1')",
            "put('A1', 1, 'north')",
            "take('A1', 1, 'north')",
            "left('A1', 'north')",
        ):
            assert raised(FULL + "full(%s).%s" % (kind, call)) == "TypeError", (kind, call)
    got = python(
        FULL
        + """
from stock.store import UnknownSite
counts = []
for kind in (Stock, AuditedStock):
    stock = full(kind)
    for call in (lambda: stock.put("A1", 1, site="south"), lambda: stock.take("A1", 1, site=""), lambda: stock.take("A1", 0, site="x"), lambda: stock.left("A1", site="North")):
        try:
            call()
        except UnknownSite as e:
            counts.append(isinstance(e, ValueError))
    counts.append(there(stock))
    counts.append(len(getattr(stock, "journal", [])))
answer(counts)
"""
    )
    assert got == [True] * 4 + [[10, 4, 2], 0] + [True] * 4 + [[10, 4, 2], 4], got


@check("orders take from their site, then from central")
def orders():
    got = python(
        FULL
        + """
from stock.orders import can_have, fulfil
stock = full()
taken = [fulfil(stock, [("A1", 3), ("B2", 1), ("A1", 3)], "north"), fulfil(stock, [("A1", 2)], "central"), fulfil(stock, [], "north")]
answer([taken, there(stock), there(stock, "B2"), [can_have(full(), "A1", n, site) for n, site in ((14, "north"), (15, "north"), (10, "central"), (11, "central"), (12, "returns"))]])
"""
    )
    assert got == [
        [
            [("A1", 3, "north"), ("B2", 1, "north"), ("A1", 1, "north"), ("A1", 2, "central")],
            [("A1", 2, "central")],
            [],
        ],
        [6, 0, 2],
        [0, 0, 0],
        [True, False, True, False, True],
    ], got


@check("an order that cannot be had leaves all as it was")
def back():
    got = python(
        FULL
        + """
from stock.orders import fulfil
stock = full(AuditedStock)
said = []
for lines, site in (([("A1", 6), ("B2", 2)], "north"), ([("A1", 15)], "north"), ([("A1", 11)], "central"), ([("B2", 1)], "central"), ([("A1", 9), ("A1", 6)], "north")):
    try:
        fulfil(stock, lines, site)
    except OutOfStock:
        said.append(there(stock) + there(stock, "B2"))
answer(said)
"""
    )
    assert got == [[10, 4, 2, 0, 1, 0]] * 5, got
    assert (
        raised(FULL + "from stock.orders import fulfil; fulfil(full(), [('A1', 1)], 'south')")
        == "UnknownSite"
    )


@check("the terminal")
def terminal():
    got = python(
        FULL
        + """
from stock.terminal import Terminal
stock = full(AuditedStock)
t = Terminal(stock, "north")
said = [t.say(line) for line in ("take A1 3", "take A1 3 @central", "left A1", "left A1 @returns", "put B2 5 @returns", "take A1 2", "take A1 3 @returns", "fly A1", "left C3")]
answer([said, there(stock), there(stock, "B2"), stock.journal[4:]])
"""
    )
    assert got == [
        [
            "1",
            "7",
            "1",
            "2",
            "ok",
            "A1: 2 wanted, 1 there",
            "A1: 3 wanted, 2 there",
            "unknown command: fly",
            "0",
        ],
        [7, 1, 2],
        [0, 1, 5],
        ["take A1 3 north", "take A1 3 central", "put B2 5 returns"],
    ], got


@check("the web")
def web():
    got = python(
        FULL
        + """
from stock.web import answer as reply
stock = full(AuditedStock)
paths = ["/take/A1/3", "/north/take/A1/3", "/left/A1", "/north/left/A1", "/returns/put/A1/5", "/north/take/A1/9",
         "/central/left/A1", "/north/take", "/take/A1", "/take/A1/x", "/returns/left/Z9"]
codes = [reply(stock, path)[0] for path in ("/south/take/A1/1", "/north/fly/A1/1", "/fly/A1", "/south")]
answer([[reply(stock, path) for path in paths], codes, there(stock)])
"""
    )
    assert got == [
        [(200, "7"), (200, "1"), (200, "7"), (200, "1"), (200, ""), (409, "A1: 9 wanted, 1 there"),
         (200, "7"), (400, "bad request"), (400, "bad request"), (400, "bad request"), (200, "0")],
        [404] * 4,
        [7, 1, 7],
    ], got  # fmt: skip


@check("the rules")
def rules():
    got = python(
        FULL
        + """
import json, os, tempfile
from stock.rules import read_rules, run
stock = full(AuditedStock)
first = run(read_rules("rules.json"), stock)
path = os.path.join(tempfile.mkdtemp(), "r.json")
with open(path, "w") as file:
    json.dump([{"name": "a", "do": "take", "args": ["A1", 4]}, {"name": "b", "do": "take", "args": ["A1", 4], "site": "north"}, {"name": "c", "do": "put", "args": ["A1", 1], "site": "returns"}], file)
answer([first, run(read_rules(path), stock), there(stock), there(stock, "B2"), stock.journal[4:]])
"""
    )
    assert got == [
        [], ["b"], [6, 3, 3], [0, 1, 2],
        ["take A1 1 north", "put B2 2 returns", "take A1 4 central", "put A1 1 returns"],
    ], got  # fmt: skip


@check("what runs at night")
def night():
    got = python(
        FULL
        + """
from stock.nightly import shortage, write_off
stock = full(AuditedStock)
missing = write_off(stock, ["A1", "B2", "A1", "A1"])
answer([missing, there(stock), there(stock, "B2"), shortage(stock, {"A1": 15, "B2": 1, "C3": 2}), shortage(stock, {"A1": 14}), stock.journal[4:]])
"""
    )
    assert got == [["B2", "A1"], [10, 4, 0], [0, 1, 0], {"A1": 1, "C3": 2}, {}, ["take A1 1 returns"] * 2], (
        got
    )


@check("the journal, new lines and old")
def journal():
    got = python(
        FULL
        + """
from stock.audited import replay
old = ["put A1 9", "put A1 5 north", "take A1 4", "take A1 1 north", "put B2 2 returns"]
stock = replay(iter(old))
before = list(stock.journal)
stock.take("A1", 1, site="north")
again = replay(stock.journal)
answer([there(stock), there(stock, "B2"), before == old, stock.journal[5:], there(again), again.journal == stock.journal])
"""
    )
    assert got == [[5, 3, 0], [0, 0, 2], True, ["take A1 1 north"], [5, 3, 0], True], got
    got = python(
        FULL
        + """
shared = []
stock = AuditedStock(shared)
stock.put("A1", 2, site="north")
try:
    stock.take("A1", 3, site="north")
except OutOfStock:
    pass
answer(shared)
"""
    )
    assert got == ["put A1 2 north"], got


decide()
