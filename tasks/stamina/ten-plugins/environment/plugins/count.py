from chime.host import command

NAME = "count"

_counts = {}


def handle(msg, conf):
    _counts[msg["from"]] = _counts.get(msg["from"], 0) + 1
    return msg


@command("count")
def tell(msg):
    text = ", ".join(f"{sender} {number}" for sender, number in sorted(_counts.items())) or "nothing yet"
    return {"id": msg["id"] + "-count", "time": msg["time"], "from": "count", "to": [msg["from"]], "text": text, "tags": []}
