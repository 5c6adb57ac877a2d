from judge import check, decide, run


def ledger(text):
    return run("rm -f ledger; make -s ledger >/dev/null 2>&1; cat > /tmp/book; ./ledger /tmp/book", stdin=text, timeout_s=20)


def prints(text, *lines):
    done = ledger(text)
    assert (done.stdout, done.exit_code) == ("".join(line + "\n" for line in lines), 0), done


@check("the sample")
def sample():
    done = run("rm -f ledger; make -s >/dev/null 2>&1; ./ledger sample.txt")
    assert done.stdout == "cash 1249.42\ncashback 3.50\nrent -800.00\n", done


@check("every cent, signs, small negative balances, zero")
def cents():
    prints("".join(f"d a 0.{n:02}\n" for n in range(100)), "a 49.50")
    prints("d a -0.05\nd b +0.5\nd b -.0\n".replace("d b -.0\n", ""), "a -0.05", "b 0.50")
    prints("d a 1\nd a -1.00\nd b -1.01\nd b 0.02", "a 0.00", "b -0.99")
    prints("d x 4.35\nd x 1.15\nd x 8.2\nd x 0.07", "x 13.77")


@check("large amounts, groups")
def large():
    prints("d a 90'000'000'000'000.01\nd a 1'0.5\nd b -9'0'0.00\n", "a 90000000000010.51", "b -900.00")
    prints("d a 21474836.48\nd a 21474836.48", "a 42949672.96")


@check("comments, tabs, CRLF, notes, long lines, long names")
def lines():
    name = "n" * 40
    note = "x" * 900
    prints(f"\n  # c\n\t; c\r\n \r\nd\t{name} \t 5 note 7\r\n  d {name} 1.25 {note}\nd {name[:-1]} 2\r\n", f"{name} 6.25", f"{'n' * 39} 2.00")


@check("many accounts, in the order of appearance")
def many():
    names = [f"acc{n * 7919 % 10007}" for n in range(3000)]
    prints("".join(f"d {name} 1\n" for name in names + names[::-1]), *[f"{name} 2.00" for name in names])


@check("errors: the first line, no balances")
def errors():
    for bad in ("d a", "d a x", "d a 1.234", "d a 1.", "d a .5", "d a --1", "d a 1,5", "d a 1e3", "d a '", "d a 1.5.2", "d a 1 2"[:5] + "x", "d " + "n" * 41 + " 1", "d a 1.'5"):
        done = ledger(f"# c\nd a 1\n\n{bad}\nd a\n")
        assert (done.exit_code, done.stdout, done.stderr.strip()) == (1, "", "line 4: cannot read"), (bad, done)


@check("a file that is not there")
def missing():
    done = run("rm -f ledger; make -s >/dev/null 2>&1; ./ledger /tmp/nowhere")
    assert (done.exit_code, done.stdout, done.stderr.strip()) == (2, "", "cannot open /tmp/nowhere"), done


decide()
