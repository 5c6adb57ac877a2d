from judge import check, decide, python, run

HEAD = """
from quotes.prices import PriceList
from quotes.service import QuoteService
prices = PriceList()
service = QuoteService(prices)
q = service.quote
"""


@check("the same article for several groups, in one service")
def groups():
    got = python(HEAD + "answer([q('A1', 2, 'guest'), q('A1', 2, 'staff'), q('A1', 2), q('A1', 2, group='member'), q('A1', 2, 'staff')])")
    assert got == [500, 425, 500, 480, 425], got


@check("discounts one after the other, rounded once, half to even")
def rounding():
    got = python(HEAD + "answer([q('A2', 10, 'member'), q('A2', 100, 'staff'), q('C3', 10, 'staff'), q('A2', 1, 'staff'), q('A1', 1, 'member'), q('C3', 1, 'staff'), q('C3', 10), q('C3', 30), q('A1', 13, 'staff'), q('C3', 50, 'member'), q('C3', 110, 'member'), q('A2', 5, 'staff')])")
    exact = [9110.88, 74725.2, 40.375, 849.15, 240.0, 4.25, 47.5, 142.5, 2624.375, 228.0, 464.64, 4245.75]
    assert got == [round(x) for x in exact], (got, exact)


@check("books have no discount of any kind")
def books():
    assert python(HEAD + "answer([q('B7', 1, 'staff'), q('B7', 100, 'member'), q('B7', 10)])") == [1800, 180000, 18000]


@check("a price is looked up once for each article, whatever is asked of it")
def lookups():
    got = python(HEAD + """
for group in ("guest", "member", "staff"):
    for quantity in (1, 10, 100):
        q("A1", quantity, group)
one = prices.lookups
q("A2", 1)
answer((one, prices.lookups))
""")
    assert got == (1, 2), got


@check("a reload counts at once, for every group")
def reload():
    got = python(HEAD + """
import json
before = [q("A1", 2), q("A1", 2, "staff")]
json.dump({"A1": 300}, open("prices.json", "w"))
same = q("A1", 2)
service.reload()
answer((before, same, q("A1", 2), q("A1", 2, "staff")))
""")
    assert got == ([500, 425], 500, 600, 510), got
    run("""echo '{"A1": 250, "A2": 999, "B7": 1800, "C3": 5}' > prices.json""")


@check("refusals")
def refusals():
    got = python(HEAD + """
def refused(*args):
    try: q(*args)
    except ValueError: return True
    return False
answer([refused("A1", 1, "Staff"), refused("A1", 0, "staff"), refused("B7", 1, "nobody"), refused("A1", 1, "")])
""")
    assert got == [True] * 4, got


@check("the command line")
def command():
    assert run("python3 -m quotes A1 2 --group staff").stdout == "4.25\n"
    assert run("python3 -m quotes --group member A2 10").stdout == "91.11\n"
    assert run("python3 -m quotes A1 10").stdout == "23.75\n"
    assert run("python3 -m quotes A1 10 --group x").exit_code != 0


decide()
