"""Texts of mails."""

HOME = "Old Quay"


def reminder(hire):
    return f"{hire.guest}: boat {hire.boat} waits for you at {HOME} on day {hire.day}, for {hire.hours} h."


def report_mail(text, day):
    """A report as a mail: subject, empty line, text."""
    return f"Subject: report of day {day}\n\n{text}"
