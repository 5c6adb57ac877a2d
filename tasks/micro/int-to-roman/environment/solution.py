def int_to_roman(n):
    """Return n as a Roman numeral."""
    raise NotImplementedError
