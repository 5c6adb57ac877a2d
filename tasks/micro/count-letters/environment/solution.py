def count_letters(text):
    """Return a dictionary from each character to its count."""
    raise NotImplementedError
