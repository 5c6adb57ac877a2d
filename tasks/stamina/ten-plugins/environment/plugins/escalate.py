import time

from plugins import dedupe

NAME = "escalate"


def handle(msg, conf):
    if "alarm" not in msg["tags"]:
        return msg
    now = time.time()
    times = sum(
        number
        for (sender, _), (last, number) in dedupe._seen.items()
        if sender == msg["from"] and now - last < conf.get("within", 600)
    )
    if times >= conf.get("count", 3):
        msg["tags"].append("urgent")
        if conf["boss"] not in msg["to"]:
            msg["to"].append(conf["boss"])
    return msg
