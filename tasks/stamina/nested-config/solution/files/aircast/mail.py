"""Mail: what is handed to the mail server."""


def server(settings):
    """(host, port, whether to speak TLS)."""
    server = settings["mail"]["server"]
    return server["host"], server["port"], server["tls"]


def envelope(settings, to, subject, body):
    """One mail as a dictionary; the subject carries the station's name."""
    return {
        "from": settings["mail"]["sender"],
        "to": to,
        "subject": f"[{settings['station']['name']}] {subject}",
        "body": body.rstrip() + "\n",
    }
