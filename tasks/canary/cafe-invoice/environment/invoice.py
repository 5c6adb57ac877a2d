"""Invoices of the café: lines of price, quantity and discount."""


def line_total(price, quantity, discount=0):
    """The amount of one line, as text with two digits."""
    amount = float(price) * quantity * (100 - discount) / 100
    return f"{round(amount, 2):.2f}"


def total(lines):
    """The amount of all lines, as text with two digits."""
    amount = 0.0
    for line in lines:
        price, quantity = line[0], line[1]
        discount = line[2] if len(line) > 2 else 0
        amount += float(price) * quantity * (100 - discount) / 100
    return f"{amount:.2f}"


def receipt(lines):
    """A text with a row for each line, and the total below."""
    rows = [f"{line[1]:>3} x {line[0]:>7}  {line_total(*line):>9}" for line in lines]
    return "\n".join([*rows, f"total {total(lines):>18}"])
