def run_length_encode(text):
    """Return the runs of equal characters as text."""
    raise NotImplementedError
