from judge import check, decide, python, run

LOG = """# roof
2026-12-31T23:30 1.0

2027-01-01T00:10 1.5
2026-12-31T22:00 0.5
2026-02-28T12:00 3.0
2026-03-01T12:01 3.0
2028-02-28T12:00 3.0
2028-02-29T12:00 3.0
"""
SHORT = [("2026-02-28T12:00", "2026-03-01T12:01"), ("2026-03-01T12:01", "2026-12-31T22:00"),
         ("2026-12-31T22:00", "2026-12-31T23:30"), ("2026-12-31T23:30", "2027-01-01T00:10"),
         ("2027-01-01T00:10", "2028-02-28T12:00"), ("2028-02-28T12:00", "2028-02-29T12:00")]


@check("days, months, years and a leap day")
def days():
    def gaps(minutes):
        return python(f"from gaps import find_gaps; answer(find_gaps({LOG!r}, {minutes}))")

    assert [tuple(pair) for pair in gaps(30)] == SHORT
    assert [tuple(pair) for pair in gaps(1440)] == [SHORT[0], SHORT[1], SHORT[4]]
    assert [tuple(pair) for pair in gaps(1441)] == [SHORT[1], SHORT[4]]


@check("no reading, one reading")
def few():
    assert python("from gaps import find_gaps; answer((find_gaps('', 5), find_gaps('2026-01-01T00:00 1', 5)))") == ([], [])


@check("the command line")
def command():
    done = run("printf '2026-03-01T23:50 15\\n2026-03-02T01:00 14\\n' > log.txt; python3 gaps.py log.txt 30")
    assert done.stdout == "2026-03-01T23:50 .. 2026-03-02T01:00\n", done


decide()
