def to_uppercase(text):
    """Return text with all letters in upper case."""
    raise NotImplementedError
