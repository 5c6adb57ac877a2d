"""The feed of episodes."""

from string import Template
from xml.sax.saxutils import escape

HEAD = Template("<channel><title>$title</title><language>$language</language><author>$author</author>")


def render(settings, episodes):
    """The feed of (day, title) pairs, newest first, as many as the settings allow."""
    station, feed = settings["station"], settings["feed"]
    texts = {"title": feed["title"] or station["name"], "language": station["language"], "author": station["name"]}
    newest = sorted(episodes, reverse=True)[: feed["items"]]
    items = "".join(f"<item>{day.isoformat()} {escape(title)}</item>" for day, title in newest)
    return HEAD.substitute({key: escape(text) for key, text in texts.items()}) + items + "</channel>"
