from judge import check, decide, read, run

CSV = """family,given,joined,left
Zorn,Uwe,2021-10,
Abel,Tom,9/2021,
Abel,Ann,2021-09,
Mora,Eva,2021-2,2022-01
Diaz,Leo,12/2020,
Ek,Siv,3/1999,
"""


def club(words):
    return run(f"cat > other.csv; python3 -m club other.csv {words}", stdin=CSV)


def families(words):
    return [line.split(" (")[0] for line in club(words).stdout.splitlines() if line]


BY_NAME = ["Abel, Ann", "Abel, Tom", "Diaz, Leo", "Ek, Siv", "Mora, Eva", "Zorn, Uwe"]


@check("since a month, as a number and not as text")
def since():
    assert families("--joined-since 2021-09") == ["Abel, Ann", "Abel, Tom", "Zorn, Uwe"]
    assert families("--joined-since 2021-02") == ["Abel, Ann", "Abel, Tom", "Mora, Eva", "Zorn, Uwe"]
    assert families("--joined-since 2021-11") == []
    assert families("--joined-since 2000-01") == [n for n in BY_NAME if n != "Ek, Siv"]


@check("sorted by month, then by name")
def sort():
    assert families("--sort joined") == ["Ek, Siv", "Diaz, Leo", "Mora, Eva", "Abel, Ann", "Abel, Tom", "Zorn, Uwe"]
    assert families("--sort name") == BY_NAME == families("")


@check("together")
def together():
    assert families("--sort joined --active --joined-since 2020-12") == ["Diaz, Leo", "Abel, Ann", "Abel, Tom", "Zorn, Uwe"]


@check("what is no month is refused")
def refused():
    for text in ("2020-13", "20-1", "2020-00", "2020", "May", "2020-1-1"):
        done = club(f"--joined-since {text}")
        assert (done.exit_code, done.stdout) == (2, "") and text in done.stderr, (text, done)
    assert club("--sort size").exit_code == 2


@check("lines look as before, and the README names the options")
def looks():
    assert club("--active").stdout.splitlines()[0] == "Abel, Ann (since 2021-9)"
    text = read("README.md")
    assert "--joined-since" in text and "--sort" in text and "--active" in text


decide()
