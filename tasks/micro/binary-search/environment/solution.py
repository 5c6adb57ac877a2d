def binary_search(numbers, target):
    """Return the index of target in the sorted list, or -1."""
    raise NotImplementedError
