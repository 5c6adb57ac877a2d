def remove_duplicates(items):
    """Return a new list without repeated items."""
    raise NotImplementedError
