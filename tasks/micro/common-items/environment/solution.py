def common_items(a, b):
    """Return the items of a that are also in b."""
    raise NotImplementedError
