"""The form in which words are compared."""

import re
import unicodedata


def words_of(text):
    """The words of a name or a query, as docs/search.md says."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word.casefold() for word in re.split(r"[\s\-'’]+", plain) if word]
