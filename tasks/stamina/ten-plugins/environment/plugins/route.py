import re

NAME = "route"


def handle(msg, conf, to=[]):
    found = msg.get("to") or to
    for pattern, recipient in conf.get("rules", []):
        if re.search(pattern, msg["text"]):
            found.append(recipient)
    msg["to"] = found or [conf.get("fallback", "all")]
    return msg
