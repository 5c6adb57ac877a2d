"""The form in which words are compared."""


def words_of(text):
    return text.lower().split()
