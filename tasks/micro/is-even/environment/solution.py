def is_even(n):
    """Return True if n is even, otherwise False."""
    raise NotImplementedError
