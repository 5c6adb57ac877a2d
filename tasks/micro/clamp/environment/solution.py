def clamp(value, low, high):
    """Return value limited to the range from low to high."""
    raise NotImplementedError
