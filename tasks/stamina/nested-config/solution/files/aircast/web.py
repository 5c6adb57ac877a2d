"""The status page."""

PAGE = (
    "{station[name]} ({station[language]}) on port {web[port]}, "
    "mail by {mail[server][host]}, {archive[format]} in {archive[folder]}"
)
EVERYBODY = "0.0.0.0"


def address(settings):
    """(address to listen on, port)."""
    return settings["web"]["bind"], settings["web"]["port"]


def page(settings):
    """The page's one line; it ends with a hint where others may see it."""
    return PAGE.format_map(settings) + (" (public)" if settings["web"]["bind"] == EVERYBODY else "")
