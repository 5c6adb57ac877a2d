"""Dates are texts such as 2025-05-31; they sort as they are."""

import re
from datetime import date

from larder.errors import Usage


def parse_date(text):
    """The date itself, once it has been checked. Raises Usage."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Usage(f"{text!r} is no date: YYYY-MM-DD is needed")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Usage(f"{text!r}: there is no such day") from None
    return text
