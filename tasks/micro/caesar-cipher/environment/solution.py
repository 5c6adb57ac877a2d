def caesar_cipher(text, shift):
    """Return text with every letter moved by shift places."""
    raise NotImplementedError
