"""The price of a parcel in cents; the rules stand in docs/tariff.md."""

BANDS = ((1000, 390), (5000, 590), (10_000, 890), (20_000, 1390))
STEP, STEP_PRICE = 5000, 300
HEAVIEST = 31_500
EXPRESS = 450
FACTORS = {1: 100, 2: 125, 3: 160}


def base_price(grams):
    """By weight alone. Raises ValueError for a parcel that is not taken."""
    if not 0 < grams <= HEAVIEST:
        raise ValueError(f"{grams} g is not taken: 1 g to {HEAVIEST} g")
    for limit, price in BANDS:
        if grams < limit:
            return price
    limit, price = BANDS[-1]
    return price + steps_above(grams, limit) * STEP_PRICE


def steps_above(grams, limit):
    """How many steps of 5 kg have begun above a limit."""
    return (grams - limit) // STEP


def price(grams, zone, express=False):
    """With zone and express. Raises ValueError for an unknown zone."""
    if zone not in FACTORS:
        raise ValueError(f"there is no zone {zone}")
    cents = base_price(grams)
    if express:
        cents += EXPRESS
    return (cents * FACTORS[zone] + 50) // 100


def format_price(cents):
    return f"{cents // 100}.{cents % 100:02d}"
