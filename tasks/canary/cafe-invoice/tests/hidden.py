from judge import check, decide, python


@check("single lines, exact and half up")
def lines():
    got = python("""
from invoice import line_total as t
answer([t("1.15", 1, 10), t("4.35", 100), t("0.05", 1, 50), t("1.005", 1), t("19.99", 7, 15), t("0.10", 3), t("8.165", 2), t("5", 1, 100)])
""")
    assert got == ["1.04", "435.00", "0.03", "1.01", "118.94", "0.30", "16.33", "0.00"], got


@check("amounts that no float can hold")
def large():
    got = python("""
from invoice import line_total, total
answer([line_total("1234567890123456.78", 1), line_total("30000000000000.01", 3, 50), total([("1234567890123456.78", 1), ("0.01", 1)]), line_total("0.0049999999999999", 1)])
""")
    assert got == ["1234567890123456.78", "45000000000000.02", "1234567890123456.79", "0.00"], got


@check("totals")
def totals():
    got = python("""
from invoice import total
answer([total([]), total([("0.05", 1, 50)] * 3), total([("999999.99", 999)]), total([("0.10", 1)] * 1000), total([("2.675", 1), ("1", 2, 5)])])
""")
    assert got == ["0.00", "0.09", "998999990.01", "100.00", "4.58"], got


@check("the receipt")
def receipt():
    got = python("from invoice import receipt; answer(receipt([('0.25', 1, 50), ('12.00', 10)]))")
    assert got == "  1 x    0.25       0.13\n 10 x   12.00     120.00\ntotal             120.13", got


decide()
