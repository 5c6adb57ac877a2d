def max_of_three(a, b, c):
    """Return the largest of the three numbers."""
    raise NotImplementedError
