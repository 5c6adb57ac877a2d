"""What can go wrong. cli.py turns it into an exit code and a message."""


class Usage(Exception):
    """A command was used wrongly: exit code 2."""


class Refused(Exception):
    """A command cannot be done: exit code 3."""


class Nothing(Exception):
    """There is nothing to show: exit code 1, no message."""
