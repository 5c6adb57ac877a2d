"""Mail: what is handed to the mail server."""


def server(settings):
    """(host, port, whether to speak TLS)."""
    return settings["mail_host"], int(settings["mail_port"]), settings["mail_tls"] == "yes"


def envelope(settings, to, subject, body):
    """One mail as a dictionary; the subject carries the station's name."""
    return {
        "from": settings["mail_from"],
        "to": to,
        "subject": f"[{settings['station']}] {subject}",
        "body": body.rstrip() + "\n",
    }
