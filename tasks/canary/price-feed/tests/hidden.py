from judge import check, decide, run


def feed(text):
    return run("cat > list.csv; python3 -m feed list.csv", stdin=text)


@check("the file of the repository")
def own():
    done = run("python3 -m feed prices.csv")
    assert done.stderr == "line 5: bad price\nline 6: empty article\nline 7: duplicate article\nline 8: wrong number of columns\n", done
    assert done.stdout == "lamp 1250\nchair 4900\nbed 19990\n3 imported, 4 refused\n" and done.exit_code == 1, done


@check("all good")
def good():
    done = feed("article;price\n\na;0\n\nb;0,05\nc ; 1.5 \n\"d;e\";12,30\n")
    assert (done.stdout, done.stderr, done.exit_code) == ("a 0\nb 5\nc 150\nd;e 1230\n4 imported, 0 refused\n", "", 0), done


@check("prices that are none")
def prices():
    bad = ["-1", "1,234", "1.2.3", "", "1,", ",5", "1 000", "1e3", "+4", "١٢", "0x10", "nan", "1_0", "1, 5"]
    done = feed("article;price\n" + "".join(f"x{n};{price}\n" for n, price in enumerate(bad)))
    assert done.stderr == "".join(f"line {n}: bad price\n" for n in range(2, 2 + len(bad))), done
    assert done.stdout == f"0 imported, {len(bad)} refused\n", done


@check("the first reason counts, and a refused row makes no duplicate")
def order():
    done = feed("article;price\n;x\n ;1;2\na;x\na;1\na;x\na;2\nb\n")
    assert done.stderr.splitlines() == ["line 2: empty article", "line 3: wrong number of columns", "line 4: bad price",
                                        "line 6: bad price", "line 7: duplicate article", "line 8: wrong number of columns"], done
    assert done.stdout == "a 100\n1 imported, 6 refused\n", done


@check("lines are counted in the file, with a field over two lines")
def lines():
    done = feed("article;price\n\"two\nlines\";1\nz;?\n")
    assert done.stderr == "line 4: bad price\n", done


@check("only a header, nothing at all")
def nothing():
    assert feed("article;price\n").stdout == "0 imported, 0 refused\n"
    assert feed("").stdout == "0 imported, 0 refused\n"


decide()
