def clean(text):
    """The tags in a text, separated by commas: stripped, lower case, each once, in order."""
    raise NotImplementedError
