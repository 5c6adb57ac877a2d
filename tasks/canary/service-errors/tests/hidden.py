from judge import check, decide, run

LINES = (
    ["2026-05-01T10:00:00 ERROR zeta: a b c"] * 11 + ["2026-05-01T10:00:00 eRRoR alpha: x"] * 9
    + ["2026-05-01T10:00:00 error beta: x: y"] * 9 + ["2026-05-01T10:00:00 info beta: ERROR error"] * 30
    + ["2026-05-01T10:00:00 ERRORS gamma: x"] * 3 + ["2026-05-01T10:00:00 ERROR Omega: y"]
)


def counts(lines):
    text = "".join(line + "\\n" for line in lines)
    return run(f"printf '{text}' > 'my log.txt'; sh errors.sh 'my log.txt'")


@check("counts, ties, capitals, a blank in the file's name")
def counted():
    done = counts(LINES)
    assert done.stdout == "zeta 11\nalpha 9\nbeta 9\nOmega 1\n", done
    assert done.exit_code == 0


@check("no errors")
def none():
    done = counts(LINES[20 + 9 : 20 + 39])
    assert (done.stdout, done.exit_code) == ("", 0), done


@check("no file name")
def usage():
    done = run("sh errors.sh")
    assert (done.exit_code, done.stdout, done.stderr.strip()) == (2, "", "usage: errors.sh FILE"), done


decide()
