from judge import check, decide, python

EXPECTED = [0] * 6 + [600] * 12 + [1200] * 47 + [900] * 36


@check("every age from 0 to 100")
def ages():
    got = python("from fare import fare; answer([fare(age) for age in range(101)])")
    wrong = [(age, price) for age, price in enumerate(got) if price != EXPECTED[age]]
    assert not wrong and len(got) == 101, f"(age, price): {wrong[:5]}"


decide()
