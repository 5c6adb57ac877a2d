def two_sum(numbers, target):
    """Return the indices of two numbers that add up to target."""
    raise NotImplementedError
