from judge import check, decide, run


def rotate(files, words, below=""):
    # A folder of its own each time: elsewhere than under llmsweep all commands share one /tmp.
    made = "; ".join([":", *(f": > \"$place\"/'{name}'" for name in files)])
    done = run(
        f'place=$(mktemp -d); {made}; bash rotate.sh "$place"{below} {words}; code=$?; '
        'echo ---; ls -A "$place" | LC_ALL=C sort; exit $code'
    )
    said, _, left = done.stdout.partition("---\n")
    return said.splitlines(), left.splitlines(), done


@check("numbers, not text")
def numbers():
    said, left, done = rotate([f"a-{n}.tar" for n in (1, 9, 10, 99, 100, 1000)], "2")
    assert said == ["deleted a-1.tar", "deleted a-9.tar", "deleted a-10.tar", "deleted a-99.tar"], done
    assert left == ["a-100.tar", "a-1000.tar"] and done.exit_code == 0, done


@check("dashes and blanks in names, databases whose names begin alike")
def names():
    said, left, done = rotate(["web-1.tar", "web-2.tar", "web-shop-1.tar", "web-shop-2.tar", "my shop-1.tar", "my shop-20.tar", "my shop-3.tar"], "1")
    assert said == ["deleted my shop-1.tar", "deleted my shop-3.tar", "deleted web-1.tar", "deleted web-shop-1.tar"], done
    assert left == ["my shop-20.tar", "web-2.tar", "web-shop-2.tar"], done


@check("dots and stars in names mean themselves")
def plain():
    said, left, done = rotate(["a.b-1.tar", "a.b-2.tar", "axb-1.tar", "a*-1.tar"], "1")
    assert said == ["deleted a.b-1.tar"] and len(left) == 3, done


@check("other files are left alone")
def others():
    files = ["shop.tar", "shop-x.tar", "shop-1.tar.gz", "shop-1a.tar", "notes.txt", "-5.tar", "shop-7.tar", "shop-08.tar"]
    said, left, done = rotate(files, "1")
    assert said == ["deleted shop-7.tar"], done
    assert left == sorted(set(files) - {"shop-7.tar"}), done


@check("wrong words delete nothing")
def usage():
    for words, below in (("", ""), ("0", ""), ("-1", ""), ("two", ""), ("1 2", ""), ("1", "/nowhere"), ("1.5", "")):
        said, left, done = rotate(["a-1.tar", "a-2.tar", "a-3.tar"], words, below)
        assert done.exit_code == 2 and left == ["a-1.tar", "a-2.tar", "a-3.tar"] and not said, (words, done)
        assert done.stderr.splitlines()[-1] == "usage: rotate.sh DIR KEEP", (words, done)


@check("an empty folder, fewer than are kept")
def few():
    assert rotate([], "3")[2].exit_code == 0
    assert rotate(["a-1.tar"], "3")[:2] == ([], ["a-1.tar"])


decide()
