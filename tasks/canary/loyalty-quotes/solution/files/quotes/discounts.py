"""Discounts in per cent."""

GROUPS = {"guest": 0, "member": 4, "staff": 15}


def quantity_discount(quantity):
    if quantity >= 100:
        return 12
    if quantity >= 10:
        return 5
    return 0
