import atexit
import sys
import time

NAME = "throttle"

_began = {}
_passed = {}
_dropped = {}


def handle(msg, conf):
    sender = msg["from"]
    if time.time() - _began.get(sender, 0) >= conf.get("period", 60):
        _began[sender] = time.time()
        _passed[sender] = 0
    if _passed[sender] >= conf.get("limit", 10):
        _dropped[sender] = _dropped.get(sender, 0) + 1
        raise StopIteration
    _passed[sender] += 1
    return msg


@atexit.register
def _tell():
    for sender, number in sorted(_dropped.items()):
        print(f"throttle: dropped {number} of {sender}", file=sys.stderr)
