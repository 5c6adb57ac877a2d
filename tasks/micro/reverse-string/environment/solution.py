def reverse_string(text):
    """Return text with its characters in reverse order."""
    raise NotImplementedError
