def filter_evens(numbers):
    """Return a new list with only the even numbers."""
    raise NotImplementedError
