CHILD, YOUTH, SENIOR, ADULT = 0, 600, 900, 1200


def fare(age):
    """The price of one ticket in cents."""
    if age <= 6:
        return CHILD
    if age < 17:
        return YOUTH
    if age > 65:
        return SENIOR
    return ADULT
