def longest_word(text):
    """Return the longest word of text."""
    raise NotImplementedError
