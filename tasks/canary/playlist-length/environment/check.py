from playlist import length

for seconds, text in [(185, "3:05"), (59, "0:59"), (3725, "1:02:05")]:
    assert length(seconds) == text, f"length({seconds}) returned {length(seconds)!r}, expected {text!r}"
print("check passed")
