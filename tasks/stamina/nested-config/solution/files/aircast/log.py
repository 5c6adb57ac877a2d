"""Logging, as a dictionary for logging.config.dictConfig."""


def options(settings):
    """A file handler where a file is named, else the terminal."""
    handler = {"class": "logging.StreamHandler"}
    if settings["log"]["file"]:
        handler = {"class": "logging.FileHandler", "filename": settings["log"]["file"], "delay": True}
    level = settings["log"]["level"].upper()
    return {"version": 1, "handlers": {"main": handler}, "root": {"level": level, "handlers": ["main"]}}


def is_chatty(settings):
    return settings["log"]["level"].lower() == "debug"
