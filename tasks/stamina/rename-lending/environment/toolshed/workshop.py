"""Sheds with further rules: a workshop where power tools want a training, and quotas."""

from toolshed.errors import CheckOutError
from toolshed.shed import Shed

CHECK_OUT_LIMIT = 2


class WorkshopShed(Shed):
    """``trained``: members who may use power tools."""

    def __init__(self, tools, trained=(), **more):
        super().__init__(tools, **more)
        self.trained = set(trained)
        self.oiled = []

    def check_out(self, code, member, day, days=None):
        tool = self.tools.get(code)
        if tool is not None and tool.power and member not in self.trained:
            raise CheckOutError(f"{member} has no training for {tool.name}")
        return super().check_out(code, member, day, days)

    def check_in(self, code, day):
        """Power tools are oiled when they come back."""
        fee = super().check_in(code, day)
        if self.tools[code].power:
            self.oiled.append(code)
        return fee


class QuotaMixin:
    """To be mixed into a shed; ``limit`` is CHECK_OUT_LIMIT where it is None."""

    limit = None

    def check_out(self, code, member, day, days=None):
        limit = CHECK_OUT_LIMIT if self.limit is None else self.limit
        if self.held_by(member) >= limit:
            raise CheckOutError(f"{member} holds {limit} tools already")
        return super().check_out(code, member, day, days)

    def held_by(self, member):
        return sum(loan.member == member for loan in self.loans.values())


class QuotaShed(QuotaMixin, Shed):
    """The usual shed with a quota."""
