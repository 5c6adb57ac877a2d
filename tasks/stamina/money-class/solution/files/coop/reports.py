"""Reports for the monthly meeting."""

from coop.money import Money


def balances(members):
    """A line for each member, then the sum."""
    found = {name: members.balance(name) for name in members.names()}
    lines = [f"{name}: {balance}" for name, balance in found.items()]
    return "\n".join([*lines, f"all: {Money.total(found.values())}"])


def month(book, which):
    """The orders of a month, then number and sum."""
    orders = book.of_month(which)
    lines = [f"{order.day} #{order.number} {order.member}: {order.total}" for order in orders]
    return "\n".join([*lines, f"{len(orders)} orders: {Money.total(order.total for order in orders)}"])


def top_spenders(book, limit=3):
    """[(member, amount)], by amount and then by name."""
    names = {order.member for order in book.orders}
    sums = [(name, book.spent(name)) for name in names]
    return sorted(sums, key=lambda pair: (-pair[1].minor, pair[0]))[:limit]


def bills_due(sums):
    """A line for each currency, by its name."""
    return "\n".join(f"{currency}: {amount}" for currency, amount in sorted(sums.items()))
