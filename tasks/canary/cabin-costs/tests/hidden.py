from judge import check, decide, python, raised, run

SHARES = """
from split.shares import shares
def s(amount, weights, members, payer):
    pairs = [part.partition(":") for part in weights.split()]
    got = shares(amount, {n: int(w or 1) for n, _, w in pairs}, members.split(), payer)
    return [got.get(n, 0) for n in members.split()]
"""


@check("the largest fractions get what is left")
def fractions():
    got = python(
        SHARES
        + """answer([
        s(100, "a:1 b:2 c:4", "a b c", "b"),
        s(1000, "a:3 b:3 c:1", "a b c", "c"),
        s(7, "a:5 b:4 c:1", "a b c", "a"),
        s(11, "a:1 b:1 c:1 d:6", "a b c d", "a"),
        s(5, "a:2 b:3", "a b", "a"),
        s(0, "a b", "a b", "a"),
    ])"""
    )
    assert got == [[14, 29, 57], [429, 428, 143], [3, 3, 1], [1, 1, 1, 8], [2, 3], [0, 0]], got


@check("equal fractions: the order of the members, the payer last")
def ties():
    got = python(
        SHARES
        + """answer([
        s(100, "a b c", "a b c", "a"), s(100, "a b c", "a b c", "c"), s(100, "a b c", "c b a", "c"),
        s(200, "c a b", "b c a", "b"), s(200, "c a b", "b c a", "a"), s(10, "d c a", "b d a c", "b"),
        s(8, "a b c d e f", "f e d c b a", "e"), s(1, "a", "b a", "b"), s(1, "a b", "b a", "b"),
    ])"""
    )
    assert got == [
        [33, 34, 33], [34, 33, 33], [33, 34, 33],
        [66, 67, 67], [67, 67, 66], [0, 4, 3, 3],
        [2, 1, 2, 1, 1, 1], [0, 1], [0, 1],
    ], got  # fmt: skip


@check("refunds and weights of nothing")
def refunds():
    got = python(
        SHARES
        + """answer([
        s(-100, "a b c", "a b c", "a"), s(-200, "a b c", "a b c", "b"), s(-100, "a:1 b:2 c:4", "a b c", "b"),
        s(-1, "a b", "a b", "a"), s(101, "a:0 b c", "a b c", "b"), s(2, "a:0 b:0 c:7", "a b c", "c"), s(-5, "a:0 b:3 c:3", "a b c", "c"),
    ])"""
    )
    assert got == [
        [-33, -34, -33], [-67, -66, -67], [-14, -29, -57],
        [0, -1], [0, 50, 51], [0, 0, 2], [0, -3, -2],
    ], got  # fmt: skip


@check("they are exact and add up, whatever the amounts")
def large():
    got = python(
        SHARES
        + """
import random
r = random.Random(7)
wrong = []
for _ in range(300):
    amount, w = r.randrange(-10**6, 10**6), [r.randrange(0, 9) for _ in range(4)]
    if not sum(w): continue
    parts = s(amount, " ".join(f"{n}:{x}" for n, x in zip("abcd", w)), "d b a c", "b")
    exact = [abs(amount) * dict(zip("abcd", w))[n] / sum(w) for n in "dbac"]
    if sum(parts) != amount or any(abs(abs(p) - e) >= 1 for p, e in zip(parts, exact)): wrong.append((amount, w))
answer([wrong, s(10**19 + 1, "a b", "a b", "b"), s(90071992547409931, "a b c", "a b c", "a")])
"""
    )
    assert got == [
        [],
        [5 * 10**18 + 1, 5 * 10**18],
        [30023997515803310, 30023997515803311, 30023997515803310],
    ], got


@check("amounts of every currency")
def amounts():
    got = python("""
from split.money import units, written
answer([
    [units(t, "JPY") for t in ("1200", "0", "-7")], [units(t, "KWD") for t in ("1.234", "1.2", "5", "-0.005")],
    [units(t, "CHF") for t in ("0.29", "1.15", "-0.05", "90071992547409.93")],
    [written(n, "JPY") for n in (1200, 0, -7)], [written(n, "KWD") for n in (1234, 5, -5, 0, 12000)],
    [written(n, "EUR") for n in (-5, 9007199254740993, -100)],
])
""")
    assert got == [
        [1200, 0, -7], [1234, 1200, 5000, -5],
        [29, 115, -5, 9007199254740993],
        ["1200", "0", "-7"], ["1.234", "0.005", "-0.005", "0.000", "12.000"],
        ["-0.05", "90071992547409.93", "-1.00"],
    ], got  # fmt: skip


@check("what is no amount")
def refused():
    for text, currency in [
        ("1.234", "EUR"),
        ("1.5", "JPY"),
        ("1.2345", "KWD"),
        ("1.000", "CHF"),
        ("nan", "EUR"),
        ("1e3", "EUR"),
        ("abc", "KWD"),
        ("", "EUR"),
        ("1", "DEFAULT"),
        ("inf", "JPY"),
    ]:
        assert raised("from split.money import units; units(%r, %r)" % (text, currency)) == "ValueError", (
            text,
            currency,
        )
    for weights, members in [({"a": 0, "b": 0}, ["a", "b"]), ({"a": 1, "x": 1}, ["a", "b"])]:
        code = "from split.shares import shares; shares(100, %r, %r, 'a')" % (weights, members)
        assert raised(code) == "ValueError", weights


@check("trips, from file to payments")
def trips():
    def said(text):
        done = run("cat > /tmp/trip.csv; python3 -m split /tmp/trip.csv", stdin=text)
        return done.exit_code, done.stdout, done.stderr[:6]

    got = said(
        "members,zoe,yan,xia\nzoe,KWD,1,xia yan zoe\nyan,JPY,1000,zoe yan xia\nxia,EUR,-0.05,zoe xia\n"
    )
    assert got == (
        0,
        "xia pays zoe EUR 0.03\nzoe pays yan JPY 334\nxia pays yan JPY 333\n"
        "yan pays zoe KWD 0.334\nxia pays zoe KWD 0.333\n",
        "",
    ), got
    for bad in (
        "zoe,EUR,1,zoe xia",
        "xia,EUR,1,zoe",
        "zoe,EUR,1,zoe:-1 yan:2",
        "zoe,EUR,0.001,zoe",
        "zoe,eur,1,yan",
    ):
        code, out, err = said("members,zoe,yan\n%s\n" % bad)
        assert (code, out, err) == (1, "", "split:"), (bad, out, err)


decide()
