from judge import check, decide, python


@check("numbers of different length")
def lengths():
    lines = ["a,100,20", "b,20,100", "c,7,7", "d,0,1", "e,9,1000", "f,1000,999", "g,12,9"]
    assert python(f"from stock import low_stock; answer(low_stock({lines}))") == ["b", "d", "e"]


@check("blanks around numbers, and no line at all")
def blanks():
    got = python("from stock import low_stock; answer((low_stock(['a, 9, 10', 'b,30 ,4 ']), low_stock([])))")
    assert got == (["a"], [])


decide()
