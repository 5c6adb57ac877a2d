import pathlib
import re

WORDS = (
    (r"check_out(?![a-z])", "lend"),
    (r"check_in(?![a-z])", "take_back"),
    (r"check-out(?![a-z])", "lend"),
    (r"check-in(?![a-z])", "take-back"),
    (r"CheckOut(?![a-z])", "Lend"),
    (r"CheckIn(?![a-z])", "TakeBack"),
    (r"CHECK_OUT(?![A-Z])", "LEND"),
    (r"CHECK_IN(?![A-Z])", "TAKE_BACK"),
)
BY_HAND = {
    "toolshed/batch.py": (
        ('DIRECTIONS = ("out", "in")', 'MOVES = {"out": "lend", "in": "take_back"}'),
        ("not in DIRECTIONS", "not in MOVES"),
        ('"check_" + direction', "MOVES[direction]"),
    ),
    "toolshed/wrappers.py": (
        ("class RecordedShed", 'RECORDED = ("lend", "take_back", "check_inventory")\n\n\nclass RecordedShed'),
        ('not name.startswith("check_")', "name not in RECORDED"),
    ),
}

for path in sorted(pathlib.Path(".").rglob("*")):
    parts = path.relative_to(".").parts
    if not path.is_file() or parts[0].startswith(".") or path.suffix not in (".py", ".md", ".json", ".sh"):
        continue
    text = path.read_text()
    for old, new in WORDS:
        text = re.sub(old, new, text)
    for old, new in BY_HAND.get(path.as_posix(), ()):
        assert old in text, (path, old)
        text = text.replace(old, new)
    path.write_text(text)
