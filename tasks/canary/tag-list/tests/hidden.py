from judge import check, decide, python

CASES = {"": [], " , ,": [], "b,a,B,c,A": ["b", "a", "c"], "  One  ": ["one"], "x y,X Y, x  y": ["x y", "x  y"],
         "z,\ty\n,z": ["z", "y"]}


@check("odd lists of tags")
def odd():
    got = python(f"from tags import clean; answer([clean(text) for text in {list(CASES)}])")
    assert got == list(CASES.values()), got


decide()
