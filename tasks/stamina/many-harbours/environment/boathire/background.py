"""What jobs do: the actions by name."""

from boathire import notify, render, reports
from boathire.model import Refused


def actions(repository, send):
    """``send`` gets each mail, a text."""

    def remind(number):
        for hire in repository.hires():
            if hire.number == number:
                return send(notify.reminder(hire))
        raise Refused(f"there is no hire {number}")

    def report(day):
        totals = reports.day_totals(repository, day)
        return send(notify.report_mail(render.text(totals, day), day))

    return {"remind": remind, "report": report}
