def flatten(lists):
    """Return one list with the items of all inner lists."""
    raise NotImplementedError
