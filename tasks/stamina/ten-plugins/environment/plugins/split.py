NAME = "split"


def handle(msg, conf):
    width = conf.get("width", 80)
    text, number = msg["text"], 0
    while len(text) > width:
        cut = text.rindex(" ", 0, width + 1)
        number += 1
        yield {**msg, "id": f"{msg['id']}.{number}", "text": text[:cut]}
        text = text[cut + 1 :]
    yield {**msg, "id": f"{msg['id']}.{number + 1}" if number else msg["id"], "text": text}
