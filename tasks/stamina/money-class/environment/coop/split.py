"""Costs that members share, such as the van."""


def split_cost(amount, weights):
    """{name: amount} in proportion to {name: weight}."""
    whole = sum(weights.values())
    return {name: round(amount * weight / whole, 2) for name, weight in sorted(weights.items())}


def equal(names):
    """The weights of a cost that is shared equally."""
    return {name: 1 for name in names}
