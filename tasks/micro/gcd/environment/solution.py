def gcd(a, b):
    """Return the greatest common divisor of a and b."""
    raise NotImplementedError
