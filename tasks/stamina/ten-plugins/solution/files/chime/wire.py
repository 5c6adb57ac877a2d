"""Messages as JSON."""

import json

from chime.api import Message


def to_json(message):
    return json.dumps(
        {
            "id": message.id,
            "time": message.time,
            "sender": message.sender,
            "to": list(message.to),
            "text": message.text,
            "tags": sorted(message.tags),
        }
    )


def to_message(entry):
    """A message of a JSON object. Raises ValueError, KeyError or TypeError."""
    message = Message(
        entry["id"], entry["time"], entry["sender"], tuple(entry.get("to", [])), entry["text"], frozenset(entry.get("tags", []))
    )
    if type(message.time) is not int:
        raise ValueError("the time is no whole number")
    return message
