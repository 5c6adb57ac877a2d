def clean(text):
    """The tags in a text, separated by commas: stripped, lower case, each once, in order."""
    tags = [tag.strip().lower() for tag in text.split(",")]
    return list(dict.fromkeys(tag for tag in tags if tag))
