from judge import check, decide, python

CASES = {0: "0:00", 7: "0:07", 60: "1:00", 600: "10:00", 754: "12:34", 3599: "59:59", 3600: "1:00:00",
         3661: "1:01:01", 7325: "2:02:05", 36000: "10:00:00", 360009: "100:00:09"}


@check("lengths from a second to days")
def lengths():
    got = python(f"from playlist import length; answer({{s: length(s) for s in {list(CASES)}}})")
    wrong = {s: text for s, text in got.items() if text != CASES[s]}
    assert got.keys() == CASES.keys() and not wrong, wrong


decide()
