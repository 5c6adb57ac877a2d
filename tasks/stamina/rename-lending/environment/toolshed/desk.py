"""The desk: the plain functions that most callers use, each with the sentence that a member hears."""

from toolshed.errors import error_for


def check_out(shed, code, member, day, days=None, say=None):
    """Hand out a tool; ``say`` gets the sentence."""
    loan = shed.check_out(code, member, day, days)
    _tell(say, f"{code} checked out by {member} until day {loan.due}")
    return loan


def check_in(shed, code, day, say=None):
    """Take a tool back; ``say`` gets the sentence."""
    fee = shed.check_in(code, day)
    late = f", {fee} cents late fee" if fee else ""
    _tell(say, f"{code} checked in{late}")
    return fee


def swap(shed, old, new, day):
    """One tool for another on the same day; what was wrong is told as an error of the second half."""
    if old not in shed.loans:
        raise error_for("check_in")(f"{old} is in already")
    member = shed.loans[old].member
    if not shed.can_check_out(new):
        raise error_for("check_out")(f"{new} is not in the shed")
    shed.check_in(old, day)
    return shed.check_out(new, member, day)


def _tell(say, sentence):
    if say is not None:
        say(sentence)
