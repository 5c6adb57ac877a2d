"""What config/hooks.json plugs in: notices for the board, and a stop for retired tools."""

from toolshed.errors import CheckOutError

BOARD = []
WAITING = {}


def refuse_check_out_of_retired(tool, member, day):
    if tool.retired:
        raise CheckOutError(f"{tool.code} is retired")


def note_check_out(tool, member, day):
    BOARD.append(f"day {day}: {tool.name} checked out")


def note_check_in(tool, member, day):
    BOARD.append(f"day {day}: {tool.name} checked in")


def tell_next_in_line(tool, member, day):
    """The first who waits for the tool is told and leaves the line."""
    line = WAITING.get(tool.code)
    if line:
        BOARD.append(f"day {day}: {line.pop(0)} may fetch {tool.name}")
