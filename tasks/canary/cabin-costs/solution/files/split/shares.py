"""One expense, shared among those who took part."""


def shares(amount, weights, members, payer):
    """Everybody's share of an amount in whole units: {"anna": 667, "ben": 333}.

    ``weights``: whole numbers by name; ``members``: all names of the trip, in order; ``payer``: who laid it out.
    """
    whole = sum(weights.values())
    strangers = [name for name in weights if name not in members]
    if strangers or not whole:
        raise ValueError(f"no members: {', '.join(strangers)}" if strangers else "nobody takes part")
    sign, size = (-1 if amount < 0 else 1), abs(amount)
    parts = {name: size * weight // whole for name, weight in weights.items()}
    lost = {name: size * weight % whole for name, weight in weights.items()}
    order = sorted(lost, key=lambda name: (-lost[name], name == payer, members.index(name)))
    for name in order[: size - sum(parts.values())]:
        parts[name] += 1
    return {name: sign * part for name, part in parts.items()}
