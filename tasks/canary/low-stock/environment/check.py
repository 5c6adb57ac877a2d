from stock import low_stock

lines = ["nails,120,50", "screws,9,10", "bolts,3,20"]
assert low_stock(lines) == ["screws", "bolts"], f"low_stock returned {low_stock(lines)}"
print("check passed")
