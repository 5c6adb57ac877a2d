from fare import fare

for age, price in [(3, 0), (6, 600), (12, 600), (30, 1200), (65, 900), (80, 900)]:
    assert fare(age) == price, f"fare({age}) returned {fare(age)}, expected {price}"
print("check passed")
