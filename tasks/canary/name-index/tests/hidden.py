from judge import check, decide, python

HEAD = """
import json, tempfile, os
from people.index import Index
path = tempfile.mkdtemp() + "/i.json"
def put(value): json.dump(value, open(path, "w"))
def got(): return json.load(open(path))
"""


@check("normal form: accents, sharp s, ligatures, full width, dashes, apostrophes")
def normal():
    found = python(HEAD + """
i = Index(path)
for name in ("Zoë Müller-Lüdenscheidt", "Seán O’Brien", "D'Arcy Wu", "ﬁona Ｋim", "İpek Çelik", "Nguyễn An", "Jos\u0065\u0301 P"):
    i.add(name)
answer({q: i.find(q) for q in ("zoe lud", "MULLER", "brien o", "arcy d", "fio kim", "ipek", "celik", "nguyen", "josé", "jose\u0301", "müll-lüd", "o'b")})
""")
    z, s, d, f, i, n, j = "Zoë Müller-Lüdenscheidt", "Seán O’Brien", "D'Arcy Wu", "ﬁona Ｋim", "İpek Çelik", "Nguyễn An", "Jose\u0301 P"
    expected = {"zoe lud": [z], "MULLER": [z], "brien o": [s], "arcy d": [d], "fio kim": [f], "ipek": [i], "celik": [i], "nguyen": [n],
                "josé": [j], "jose\u0301": [j], "müll-lüd": [z], "o'b": [s]}
    assert found == expected, {q: names for q, names in found.items() if names != expected[q]}


@check("each word of a name serves one word of the query, whatever their order")
def once():
    found = python(HEAD + """
i = Index(path)
for name in ("Anna", "Anna Andersen", "An Anders Ann"): i.add(name)
answer([i.find("an an"), i.find("a an and"), i.find("an"), i.find(""), i.find(" - "), i.find("anna an"), i.find("ann anders an"), i.find("nn")])
""")
    a, b, c = "Anna", "Anna Andersen", "An Anders Ann"
    assert found == [[b, c], [c], [a, b, c], [], [], [b], [c], []], found


@check("the file as the docs say")
def file():
    found = python(HEAD + "i = Index(path); i.add('José O’Hara'); i.add('José O’Hara'); i.add('B'); answer(got())")
    assert found == {"version": 2, "entries": [{"name": "José O’Hara", "words": ["jose", "o", "hara"]}, {"name": "B", "words": ["b"]}]}, found


@check("version 1 is taken over at once")
def old():
    found = python(HEAD + """
put({"entries": [{"name": "Ünal Ö", "words": ["wrong"]}, {"name": "A", "words": []}, {"name": "Ünal Ö", "words": ["x"]}]})
i = Index(path)
after = got()
answer((after, i.find("unal"), i.find("wrong"), i.find("a")))
""")
    assert found == ({"version": 2, "entries": [{"name": "Ünal Ö", "words": ["unal", "o"]}, {"name": "A", "words": ["a"]}]}, ["Ünal Ö"], [], ["A"]), found


@check("a later version is refused and left alone")
def later():
    found = python(HEAD + """
put({"version": 3, "entries": [], "more": 1})
try:
    Index(path); said = ""
except ValueError as e:
    said = str(e)
answer(("3" in said, got()))
""")
    assert found == (True, {"version": 3, "entries": [], "more": 1}), found


@check("looking does not write")
def looking():
    found = python(HEAD + """
i = Index(path); i.find("x"); none = os.path.exists(path)
i.add("A"); before = os.stat(path).st_mtime_ns; Index(path).find("a"); answer((none, os.stat(path).st_mtime_ns == before))
""")
    assert found == (False, True), found


decide()
