def count_vowels(text):
    """Return the number of vowels in text."""
    raise NotImplementedError
