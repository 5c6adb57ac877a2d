import json

from judge import check, decide, run

CASES = {
    "a": "a", "A -- B": "a-b", "--x--": "x", "": "page", "Ünïcödé 2026": "unicode-2026", "日本": "page", "C++ & C#": "c-c",
    "ÀÉÎÕÜ": "aeiou", "STRASSE ß": "strasse-ss", "tab\tand\nline": "tab-and-line", "snake_case": "snake-case",
    "x" * 50: "x" * 40, "a" * 39 + " b c": "a" * 39, "a" * 38 + " bcd": "a" * 38 + "-b", "e\u0301t\u00e9": "ete",
    "a" + " " * 45 + "b": "a-b", "?" * 50 + "x": "x",
}


@check("titles of all kinds")
def titles():
    code = "const {slug} = require('./slug.js'); const t = JSON.parse(require('fs').readFileSync(0)); console.log(JSON.stringify(t.map(x => slug(x))))"
    done = run(f"node -e \"{code}\"", stdin=json.dumps(list(CASES)))
    got = json.loads(done.stdout)
    wrong = [(title, slug) for title, slug in zip(CASES, got) if slug != CASES[title]]
    assert len(got) == len(CASES) and not wrong, wrong[:4]


decide()
