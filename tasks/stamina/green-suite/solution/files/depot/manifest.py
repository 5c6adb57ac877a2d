"""Reads the list that a sender hands in: comma separated, the first line names the columns."""

import csv
import io
from collections import namedtuple

from depot.codes import format_code, parse_code
from depot.sizes import parse_size
from depot.weights import parse_weight

Entry = namedtuple("Entry", "code name postcode grams size")

COLUMNS = ["code", "name", "postcode", "weight", "size"]


def read_manifest(text):
    """(entries, problems) of a list. A problem is ``line N: why``, N being 1 for the line of the columns.

    Fields may be quoted as is usual in such files, for instance a name with a comma: ``"Berg, Ida"``. Empty lines are
    skipped, yet they count for N. Raises ValueError where the columns are not the right ones.
    """
    rows = csv.reader(io.StringIO(text))
    columns = next(rows, [])
    if columns != COLUMNS:
        raise ValueError(f"the columns must be {','.join(COLUMNS)}")
    entries, problems = [], []
    for row in rows:
        if not row:
            continue
        try:
            entries.append(_entry(row))
        except ValueError as e:
            problems.append(f"line {rows.line_num}: {e}")
    return entries, problems


def _entry(row):
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(row)} fields instead of {len(COLUMNS)}")
    code, name, postcode, weight, size = (field.strip() for field in row)
    return Entry(format_code(*parse_code(code)), name, postcode, parse_weight(weight), parse_size(size))
