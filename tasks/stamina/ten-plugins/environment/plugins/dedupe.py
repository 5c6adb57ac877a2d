import time

NAME = "dedupe"

_seen = {}
"""{(sender, text): [when it last came, how often]}; escalate looks in here too."""


def handle(msg, conf):
    key = (msg["from"], msg["text"].strip().lower())
    now = time.time()
    entry = _seen.setdefault(key, [0, 0])
    fresh = now - entry[0] > conf.get("window", 60)
    entry[0] = now
    entry[1] += 1
    return msg if fresh else None
