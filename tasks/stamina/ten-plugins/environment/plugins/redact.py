import re

NAME = "redact"

with open("data/words.txt", encoding="utf-8") as _file:
    WORDS = [line.strip() for line in _file if line.strip() and not line.startswith("#")]


def handle(msg, conf):
    for word in WORDS:
        msg["text"] = re.sub(rf"\b{word}\b", "*" * len(word), msg["text"], flags=re.IGNORECASE)
    return msg
