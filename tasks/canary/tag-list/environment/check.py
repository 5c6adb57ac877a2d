from tags import clean

got = clean("Tea, coffee,TEA,,green tea ")
assert got == ["tea", "coffee", "green tea"], f"clean returned {got}"
print("check passed")
