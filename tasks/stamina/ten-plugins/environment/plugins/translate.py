NAME = "translate"


def handle(msg, conf):
    text = msg["text"]
    for old, new in conf["table"].items():
        text = text.replace(old, new)
    return text
