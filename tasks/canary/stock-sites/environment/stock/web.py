"""Requests of the shop."""

from stock.store import OutOfStock

ACTIONS = ("put", "take", "left")


def answer(stock, path):
    """The (status, text) for a path such as /take/A1/3."""
    action, *rest = path.strip("/").split("/")
    if action not in ACTIONS:
        return 404, "no such action"
    try:
        result = getattr(stock, action)(rest[0], *(int(count) for count in rest[1:]))
    except OutOfStock as e:
        return 409, str(e)
    except (IndexError, TypeError, ValueError):
        return 400, "bad request"
    return 200, "" if result is None else str(result)
