"""What the site is made of: the pages of docs/ as they are, links that leave docs/ turned, and the generated pages beside them.

Any generator that reads mkdocs.yml can be run on the staged folder, since nothing of this hangs on a plugin.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import figures
import python_page
import settings_page
import verbs_page
from links import COPIED, DOCS, ROOT, on_site

GENERATED = {
    "all-settings.md": settings_page.page,
    "all-verbs.md": verbs_page.page,
    "python.md": python_page.page,
}
STYLE = Path(__file__).parent / "site.css"


def stage(to: Path) -> None:
    """Fill the folder ``to`` anew."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(DOCS, to)
    for page in sorted(DOCS.rglob("*.md")):
        text, pictures = on_site(page.read_text(encoding="utf-8"), page)
        (to / page.relative_to(DOCS)).write_text(text, encoding="utf-8")
        for picture in pictures:
            copy = to / COPIED / picture.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, copy)
    figures.draw(to / "figures")
    for name, page_of in GENERATED.items():
        (to / name).write_text(page_of(), encoding="utf-8")
    shutil.copy(STYLE, to)


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
