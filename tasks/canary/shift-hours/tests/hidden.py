from judge import check, decide, run

HEAD = "who,begin,end,break\n"


def report(*rows):
    return run("cat > /tmp/s.csv; python3 -m hours /tmp/s.csv", stdin=HEAD + "".join(row + "\n" for row in rows))


@check("the sheet of the report")
def march():
    assert run("python3 -m hours data/march.csv").stdout == "Ines 0.5\n"


@check("offsets in both directions")
def offsets():
    done = report("A,2026-01-10T08:00-05:00,2026-01-10T15:00-08:00,0", "B,2026-01-10T08:00+05:30,2026-01-10T16:00+04:45,", "C,2026-01-10T23:00-10:00,2026-01-11T17:00+00:00,0")
    assert done.stdout == "A 2\nB 0.75\n", done


@check("several shifts of a day count together, and belong to the day on which they began")
def together():
    done = report("A,2026-01-10T06:00+00:00,2026-01-10T11:00+00:00,0", "A,2026-01-10T20:00+00:00,2026-01-11T00:30+00:00,15",
                  "A,2026-01-11T10:00+00:00,2026-01-11T18:00+00:00,0", "B,2026-01-10T00:30+02:00,2026-01-10T04:30+02:00,0",
                  "B,2026-01-10T22:00+02:00,2026-01-11T03:00+02:00,0", "B,2026-01-09T22:00+00:00,2026-01-10T06:00+00:00,0")
    assert done.stdout == "A 1.25\nB 1\n", done


@check("shifts of more than a day")
def long():
    assert report("A,2026-01-10T08:00+00:00,2026-01-11T10:00+00:00,60").stdout == "A 17\n"


@check("days do not make up for each other, breaks do not count")
def days():
    done = report("A,2026-01-10T08:00+00:00,2026-01-10T10:00+00:00,0", "A,2026-01-11T08:00+00:00,2026-01-11T17:20+00:00,60", "Z,2026-01-11T08:00+00:00,2026-01-11T16:00+00:00,0")
    assert done.stdout == f"A {20 / 60:g}\n", done


@check("a shift that ends before it begins is refused")
def backwards():
    for row in ("A,2026-01-10T08:00+00:00,2026-01-10T07:00+00:00,0", "A,2026-01-10T08:00+00:00,2026-01-10T08:30+01:00,0"):
        done = report(row)
        assert done.exit_code != 0 and "ValueError" in done.stderr, (row, done)


decide()
