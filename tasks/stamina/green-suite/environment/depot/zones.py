"""From a postcode to its zone, by a table of prefixes."""


class UnknownPostcode(ValueError):
    """No prefix of the table begins this postcode."""


def load_table(text):
    """{prefix: zone} of a table's text: a line is ``PREFIX ZONE`` or ``FIRST-LAST ZONE``.

    A range holds both its ends, and all its prefixes have the width of the first one: ``08-11 2`` stands for
    08, 09, 10 and 11. What follows a # is a remark. A later line wins over an earlier one of the same prefix.
    """
    table = {}
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        span, zone = line.split()
        first, _, last = span.partition("-")
        end = int(last) if last else int(first) + 1
        for number in range(int(first), end):
            table[str(number)] = int(zone)
    return table


def zone_of(postcode, table):
    """The zone of the longest prefix that begins the postcode; blanks in a postcode do not count."""
    postcode = postcode.replace(" ", "")
    for prefix, zone in table.items():
        if postcode.startswith(prefix):
            return zone
    raise UnknownPostcode(postcode)


def prefixes_of(zone, table):
    """All prefixes of a zone, sorted."""
    return sorted(prefix for prefix, its in table.items() if its == zone)
