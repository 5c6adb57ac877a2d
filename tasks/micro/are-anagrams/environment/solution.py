def are_anagrams(a, b):
    """Return True if a and b have the same letters."""
    raise NotImplementedError
