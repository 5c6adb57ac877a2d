"""Texts of mails."""

from boathire import harbours


def reminder(hire):
    return f"{hire.guest}: boat {hire.boat} waits for you at {harbours.name(hire.harbour)} on day {hire.day}, for {hire.hours} h."


def report_mail(text, day, harbour="main"):
    """A report as a mail: subject, empty line, text."""
    where = "" if harbour == "main" else f" at {harbours.name(harbour)}"
    return f"Subject: report of day {day}{where}\n\n{text}"
