"""Sends what is new."""

from shipper.state import State
from shipper.tail import new_lines


def ship(log, state_path, send):
    """Call ``send(line)`` for each new line of a log; returns how many."""
    state = State(state_path)
    lines, offset = new_lines(log, state.of(log))
    for line in lines:
        send(line)
    state.keep(log, offset)
    return len(lines)
