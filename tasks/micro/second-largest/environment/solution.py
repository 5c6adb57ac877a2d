def second_largest(numbers):
    """Return the second largest different number."""
    raise NotImplementedError
