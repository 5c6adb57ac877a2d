"""Reports for the monthly meeting."""

from coop.amounts import show


def balances(members):
    """A line for each member, then the sum."""
    lines, total = [], 0.0
    for name in members.names():
        euros, cents = members.balance(name)
        lines.append(f"{name}: {show((euros, cents))}")
        total += euros + cents / 100
    return "\n".join([*lines, f"all: {show(total)}"])


def month(book, which):
    """The orders of a month, then number and sum."""
    orders = book.of_month(which)
    lines = [f"{order.day} #{order.number} {order.member}: {show(order.total)}" for order in orders]
    return "\n".join([*lines, f"{len(orders)} orders: {show(sum(order.total for order in orders))}"])


def top_spenders(book, limit=3):
    """[(member, amount)], by amount and then by name."""
    names = {order.member for order in book.orders}
    sums = [(name, book.spent(name)) for name in names]
    return sorted(sums, key=lambda pair: (-pair[1], pair[0]))[:limit]


def bills_due(sums):
    """A line for each currency, by its name."""
    return "\n".join(f"{currency}: {show(amount)}" for currency, amount in sorted(sums.items()))
