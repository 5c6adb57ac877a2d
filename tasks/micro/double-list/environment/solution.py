def double_list(numbers):
    """Return a new list with every number doubled."""
    raise NotImplementedError
