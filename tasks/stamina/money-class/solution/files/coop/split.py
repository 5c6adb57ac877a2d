"""Costs that members share, such as the van."""


def split_cost(amount, weights):
    """{name: amount} in proportion to {name: weight}."""
    names = sorted(weights)
    return dict(zip(names, amount.share([weights[name] for name in names])))


def equal(names):
    """The weights of a cost that is shared equally."""
    return {name: 1 for name in names}
