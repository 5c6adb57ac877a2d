"""The feed of episodes."""

from string import Template
from xml.sax.saxutils import escape

HEAD = Template("<channel><title>$feed_title</title><language>$station_lang</language><author>$station</author>")


def render(settings, episodes):
    """The feed of (day, title) pairs, newest first, as many as the settings allow."""
    values = {key: escape(value) for key, value in settings.items()}
    values["feed_title"] = values["feed_title"] or values["station"]
    newest = sorted(episodes, reverse=True)[: int(settings["feed_items"])]
    items = "".join(f"<item>{day.isoformat()} {escape(title)}</item>" for day, title in newest)
    return HEAD.substitute(values) + items + "</channel>"
