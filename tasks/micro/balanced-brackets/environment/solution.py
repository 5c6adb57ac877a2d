def is_balanced(text):
    """Return True if all brackets in text match."""
    raise NotImplementedError
