import time

NAME = "digest"

_held = []
_number = 0


def handle(msg, conf):
    global _number
    if "low" not in msg["tags"]:
        return msg
    _held.append((time.time(), msg))
    # Nobody calls us when time has passed, so the oldest ones wait for the next one.
    if len(_held) < conf.get("size", 5) and time.time() - _held[0][0] < conf.get("hold", 300):
        return None
    _number += 1
    msgs = [held for _, held in _held]
    _held.clear()
    return {
        "id": f"digest-{_number}",
        "time": msgs[-1]["time"],
        "from": "digest",
        "to": sorted({name for held in msgs for name in held["to"]}),
        "text": "\n".join(f"{held['from']}: {held['text']}" for held in msgs),
        "tags": ["digest"],
    }
