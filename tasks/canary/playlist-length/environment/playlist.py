def length(seconds):
    """The length of a playlist as text, from whole seconds."""
    return f"{seconds // 60}:{seconds % 60}"
