def average(numbers):
    """Return the arithmetic mean of the numbers."""
    raise NotImplementedError
