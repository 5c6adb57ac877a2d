"""Each meter's limit, in degrees."""

USUAL = 80.0
OWN = {"H-102": 72.5, "H-207": 90.0}


def limit_of(meter):
    return OWN.get(meter, USUAL)
