def title_case(text):
    """Return text with every word capitalized."""
    raise NotImplementedError
