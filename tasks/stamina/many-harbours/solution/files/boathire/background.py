"""What jobs do: the actions by name."""

from boathire import notify, render, reports
from boathire.model import Refused


def actions(repository, send):
    """``send`` gets each mail, a text."""

    def remind(number, harbour="main"):
        for hire in repository.hires(harbour=harbour):
            if hire.number == number:
                return send(notify.reminder(hire))
        raise Refused(f"there is no hire {number}")

    def report(day, harbour="main"):
        totals = reports.day_totals(repository, day, harbour)
        return send(notify.report_mail(render.text(totals, day, harbour), day, harbour))

    return {"remind": remind, "report": report}
