from judge import check, decide, python

HEAD = """
import json, os, tempfile
from shipper.ship import ship
folder = tempfile.mkdtemp()
log, state = folder + "/x.log", folder + "/state.json"
sent = []
def put(data, mode="ab"):
    with open(log, mode) as file: file.write(data)
def go():
    return ship(log, state, sent.append)
def kept():
    return json.load(open(state))[log]
"""


@check("umlauts, emoji, several restarts")
def unicode():
    got = python(HEAD + """
counts = []
for line in ("äöü", "plain", "🙂🙂", "ß", ""):
    put((line + "\\n").encode()); counts.append(go())
answer((sent, counts, kept(), os.path.getsize(log)))
""")
    assert got[0] == ["äöü", "plain", "🙂🙂", "ß", ""] and got[1] == [1] * 5 and got[2] == got[3], got


@check("a line that is not finished waits, also in the middle of a letter")
def unfinished():
    got = python(HEAD + """
whole = "erste\\nzweite größe\\n".encode()
cut = whole.index("ö".encode()) + 1
put(whole[:cut]); first = (go(), list(sent), kept())
again = go()
put(whole[cut:-1]); second = go()
put(b"\\n"); third = go()
answer((first, again, second, third, sent, kept() == len(whole)))
""")
    assert got == ((1, ["erste"], 6), 0, 0, 1, ["erste", "zweite größe"], True), got


@check("rotation to a shorter file, then on")
def rotation():
    got = python(HEAD + """
put(b"a long line of the old file\\nand another\\n"); go()
put(b"x\\n", "wb"); one = go()
put(b"y\\n"); two = go()
put(b"", "wb"); three = go()
put(b"z\\n"); four = go()
answer((one, two, three, four, sent[2:], kept()))
""")
    assert got == (1, 1, 0, 1, ["x", "y", "z"], 2), got


@check("only line feeds end a line")
def ends():
    got = python(HEAD + """
put("a\\u2028b\\x0cc\\n".encode()); go()
answer(sent)
""")
    assert got == ["a\u2028b\x0cc"], got


@check("an old state file is understood, other logs in it stay")
def old():
    got = python(HEAD + """
put(b"done\\nnew\\n")
json.dump({log: 5, "/other": 77}, open(state, "w"))
go()
answer((sent, json.load(open(state))["/other"], kept()))
""")
    assert got == (["new"], 77, 9), got


decide()
