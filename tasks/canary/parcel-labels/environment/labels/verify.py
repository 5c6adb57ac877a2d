"""What the carrier checks of a file."""

from labels.records import check_sum

WIDTH = 80


def verify(content):
    """How many parcels a file has, given its bytes; ValueError where the carrier would refuse it."""
    lines = content.split(b"\r\n")
    if lines.pop() != b"":
        raise ValueError("the last line has no end")
    for number, line in enumerate(lines, 1):
        if len(line) != WIDTH:
            raise ValueError(f"line {number} has {len(line)} bytes, not {WIDTH}")
    texts = [line.decode("utf-8") for line in lines]
    kinds = "".join(line[0] for line in texts)
    if kinds != "H" + "P" * (len(texts) - 2) + "T":
        raise ValueError(f"the lines are {kinds}")
    parcels, last = texts[1:-1], texts[-1]
    if int(last[1:7]) != len(parcels):
        raise ValueError(f"the trailer counts {int(last[1:7])} parcels, there are {len(parcels)}")
    if int(last[15:20]) != check_sum(texts[:-1]):
        raise ValueError("the check sum is wrong")
    return len(parcels)
