from judge import check, decide, python, raised, run


@check("texts are cut and filled in bytes, at whole characters")
def cut():
    got = python("""
from labels.fields import text
cases = [("Bärenfels", 8), ("Zürichsee", 8), ("aaaaaaaé", 8), ("aaaaaaé", 8), ("北京市朝阳区", 8), ("🚲🚲🚲", 8), ("é", 1), ("", 3), ("ßßß", 6)]
answer([text(*case) for case in cases] + [len(text(*case).encode()) - case[1] for case in cases])
""")
    assert (
        got == ["Bärenfe", "Zürichs", "aaaaaaa ", "aaaaaaé", "北京  ", "🚲🚲", " ", "   ", "ßßß"] + [0] * 9
    ), got


@check("composed form and combining marks")
def composed():
    got = python(r"""
from labels.fields import text
answer([
    text("Mu\u0308ller", 8), text("a\u0308" * 4, 8), text("abcdefx\u0323\u0301", 9), text("abcdx\u0323\u0301", 9), text("abcdex\u0323\u0301z", 8),
    text("S\u030c\u0323", 8), text("x\u0323\u0323\u0323\u0323", 8), text("q\u0302 w", 4),
])
""")
    assert got == [
        "M\u00fcller ", "\u00e4" * 4, "abcdef   ", "abcdx\u0323\u0301", "abcde   ",
        "\u1e62\u030c   ", " " * 8, "q\u0302 ",
    ], got  # fmt: skip


@check("blanks and control characters")
def blanks():
    got = python(r"""
from labels.fields import text
answer([text("  a \t\t b\r\nc\x00d\x85e\x7f ", 12), text("abcd efgh", 5), text("abcdefg hi", 8), text("\n", 2), text("a\x1bb", 4)])
""")
    assert got == ["a b c d e   ", "abcd ", "abcdefg ", "  ", "a b "], got


@check("numbers are never cut")
def numbers():
    got = python("from labels.fields import number; answer([number(0, 5), number(99999, 5), number(7, 1)])")
    assert got == ["00000", "99999", "7"], got
    for value, width in ((100000, 5), (10, 1), (-1, 5), (-10000, 5)):
        assert raised("from labels.fields import number; number(%d, %d)" % (value, width)) == "ValueError", (
            value
        )


@check("a file with an order that does not fit is not written")
def nothing():
    got = python("""
import os, tempfile
from labels.orders import Order
from labels.records import write
path = os.path.join(tempfile.mkdtemp(), "out.txt")
good, bad = Order("a", "b", "c", "d", 5), Order("a", "b", "c", "d", 100000)
said = []
for orders in ([good, bad], [good] * 2 + [Order("a", "b", "c", "d", -1)]):
    try:
        write(path, "x", orders)
    except ValueError:
        said.append(os.path.exists(path))
open(path, "w").write("old")
try:
    write(path, "x", [bad])
except ValueError:
    said.append(open(path).read())
answer(said)
""")
    assert got == [False, False, "old"], got


LINES = """
from labels.orders import Order
from labels.records import lines_of, write
from labels.verify import verify
orders = [Order("Zoë  Ångström-Sjöberg, 2. Stock", "Große Bleichen 21\\tHinterhaus links", "20354", "Hamburg-Öjendorf", 99999), Order("李小龍", "Rue de l'Été", "01067", "Orléans", 1)]
"""


@check("lines and their check sum")
def lines():
    got = python(
        LINES + "answer([[line, len(line.encode())] for line in lines_of('Blåbær & Söhne', orders)])"
    )
    want = [
        "H" + "Blåbær & S" + " " * 67,
        "P000001"
        + "Zoë Ångström-Sjöberg"
        + "Große Bleichen 21 Hinterhau"
        + "20354   "
        + "Hamburg-"
        + "99999",
        "P000002" + "李小龍" + " " * 15 + "Rue de l'Été" + " " * 14 + "01067   " + "Orléans" + "00001",
    ]
    total = sum(sum(line.encode()) for line in want) % 65521
    want.append("T00000200100000%05d" % total + " " * 60)
    assert [line for line, _ in got] == want, (got, want)
    assert [size for _, size in got] == [80] * 4, got


@check("the check refuses what the carrier refuses")
def refused():
    got = python(
        LINES
        + """
from labels.records import check_sum
def joined(lines):
    return "".join(line + "\\r\\n" for line in lines).encode()
def sealed(body, count=None, grams=None):
    count, grams = len(body) - 1 if count is None else count, 100000 if grams is None else grams
    total = sum(sum(line.encode()) for line in body) % 65521
    return joined(body + [f"T{count:06d}{grams:08d}{total:05d}" + " " * 60])
def said(content):
    try:
        return verify(content)
    except ValueError:
        return "refused"
body = lines_of("x", orders)[:-1]
points = sum(ord(c) for line in body for c in line) % 65521
answer([
    said(sealed(body)), said(joined(body + [f"T00000200100000{points:05d}" + " " * 60])), said(sealed(body, count=3)),
    said(sealed(body, grams=99999)), said(sealed(body)[:-2]), said(sealed(body).replace(b"\\r", b"")),
    said(sealed([body[0].replace("x", "y")] + body[1:])), said(sealed(body).replace(b"Zo", b"Zp")),
    said(sealed([body[1]])), said(sealed([body[0], body[1][:-1]])),
])
"""
    )
    assert got == [2] + ["refused"] * 5 + [2] + ["refused"] * 3, got


@check("the command line")
def command():
    table = 'name,street,postcode,town,grams\nJosé Ñandú,Calle 1,08001,Barcelona,12\n"Ann\nBo","a\tb",1,c,3\n'
    done = run(
        "cat > /tmp/o.csv; rm -f /tmp/l.txt; python3 -m labels /tmp/o.csv /tmp/l.txt; wc -c < /tmp/l.txt; cut -b 1-31 /tmp/l.txt | head -3 | tail -2",
        stdin=table,
    )
    want = ["2 parcels", "328", "P000001José Ñandú" + " " * 11, "P000002Ann Bo" + " " * 18]
    assert done.stdout.split("\n")[:4] == want, done
    big = "name,street,postcode,town,grams\na,b,c,d,123456\n"
    done = run(
        "cat > /tmp/o.csv; rm -f /tmp/n.txt; python3 -m labels /tmp/o.csv /tmp/n.txt; echo $?; ls /tmp/n.txt",
        stdin=big,
    )
    assert (done.stdout, done.stderr[:7]) == ("1\n", "labels:"), done


decide()
