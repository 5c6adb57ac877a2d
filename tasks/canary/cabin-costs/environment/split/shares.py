"""One expense, shared among those who took part."""


def shares(amount, weights, members, payer):
    """Everybody's share of an amount in whole units: {"anna": 667, "ben": 333}.

    ``weights``: whole numbers by name; ``members``: all names of the trip, in order; ``payer``: who laid it out.
    """
    whole = sum(weights.values())
    if not whole:
        raise ValueError("nobody takes part")
    return {name: round(amount * weight / whole) for name, weight in weights.items()}
