from judge import check, decide, run

BUILD = "make -s clean >/dev/null 2>&1; rm -f seats; make -s >/dev/null 2>&1 && ./seats"


def seats(*commands):
    return run(BUILD, stdin="".join(command + "\n" for command in commands), timeout_s=20).stdout.splitlines()


@check("the report")
def report():
    assert seats("reserve 1 Ann", "reserve 17 Ben", "cancel 1", "who 17") == ["ok", "ok", "ok", "17 Ben"]


@check("chains of colliding seats, cancelled in any order")
def chains():
    got = seats(*[f"reserve {n} P{n}" for n in (3, 19, 35, 51, 4)], "cancel 19", "who 35", "who 51", "who 4", "cancel 3", "who 51",
                "reserve 67 New", "who 67", "who 4", "reserve 35 X", "count", "cancel 19")
    assert got[5:] == ["ok", "35 P35", "51 P51", "4 P4", "ok", "51 P51", "ok", "67 New", "4 P4", "taken", "4", "free"], got


@check("many seats, and a table that does not fill up with cancelled ones")
def many():
    commands, names = [], {}
    for n in range(3000):
        seat = n * 7919 % 1000001
        names[seat] = f"N{n}"
        commands.append(f"reserve {seat} N{n}")
    got = seats(*commands, "count", *[f"who {seat}" for seat in names], "who 1000000", "who 0")
    assert got[:3000] == ["ok"] * 3000 and got[3000] == "3000", got[2995:3002]
    assert got[3001:6001] == [f"{seat} {name}" for seat, name in names.items()]
    churn = [line for n in range(20000) for line in (f"reserve {n} A", f"cancel {n}")]
    got = seats(*churn, "count", "who 7")
    assert got == ["ok"] * 40000 + ["0", "7 free"], got[-3:]


@check("counts and takes")
def counts():
    got = seats("count", "reserve 5 A", "reserve 5 B", "count", "who 5", "cancel 5", "cancel 5", "count", "reserve 5 B", "who 5", "nonsense")
    assert got == ["0", "ok", "taken", "1", "5 A", "ok", "free", "0", "ok", "5 B", "what?"], got


@check("names of thirty letters, and of fewer after longer ones")
def names():
    long = "x" * 30
    got = seats(f"reserve 9 {long}", "who 9", "cancel 9", "reserve 9 ab", "who 9")
    assert got == ["ok", f"9 {long}", "ok", "ok", "9 ab"], got


decide()
