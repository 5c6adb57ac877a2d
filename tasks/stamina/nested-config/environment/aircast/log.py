"""Logging, as a dictionary for logging.config.dictConfig."""


def options(settings):
    """A file handler where a file is named, else the terminal."""
    handler = {"class": "logging.StreamHandler"}
    if settings["log_file"]:
        handler = {"class": "logging.FileHandler", "filename": settings["log_file"], "delay": True}
    level = settings["log_level"].upper()
    return {"version": 1, "handlers": {"main": handler}, "root": {"level": level, "handlers": ["main"]}}


def is_chatty(settings):
    return settings["log_level"].lower() == "debug"
