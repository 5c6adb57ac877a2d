"""The lines of a label file."""

from labels.fields import number, text


def header(sender):
    return "H" + text(sender, 12) + " " * 67


def parcel(index, order):
    """The line of one order; the first has the index 1."""
    return (
        "P"
        + number(index, 6)
        + text(order.name, 24)
        + text(order.street, 28)
        + text(order.postcode, 8)
        + text(order.town, 8)
        + number(order.grams, 5)
    )


def trailer(lines, orders):
    """The last line, for the lines before it."""
    grams = sum(order.grams for order in orders)
    return "T" + number(len(orders), 6) + number(grams, 8) + number(check_sum(lines), 5) + " " * 60


def check_sum(lines):
    return sum(ord(character) for line in lines for character in line) % 65521


def lines_of(sender, orders):
    """All lines of the file, without their ends."""
    lines = [header(sender)] + [parcel(index, order) for index, order in enumerate(orders, 1)]
    return lines + [trailer(lines, orders)]


def write(path, sender, orders):
    """Write the file."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        for line in lines_of(sender, orders):
            file.write(line + "\r\n")
