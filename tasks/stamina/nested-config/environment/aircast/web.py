"""The status page."""

PAGE = "{station} ({station_lang}) on port {web_port}, mail by {mail_host}, {archive_format} in {archive_dir}"


def address(settings):
    """(address to listen on, port)."""
    return ("0.0.0.0" if settings["web_public"] == "yes" else "127.0.0.1"), int(settings["web_port"])


def page(settings):
    """The page's one line; it ends with a hint where others may see it."""
    line = PAGE.format_map(settings)
    return line + (" (public)" if settings["web_public"] == "yes" else "")
