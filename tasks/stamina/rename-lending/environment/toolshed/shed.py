"""The shed: which tool is in, which is out, and the journal of both."""

from collections import namedtuple

from toolshed.errors import CheckInError, CheckOutError
from toolshed.rules import Rules

Loan = namedtuple("Loan", "code member day due")
Entry = namedtuple("Entry", "direction code member day")


class Shed:
    """Tools by code. ``hooks`` gets told before and after each movement; None tells nobody."""

    def __init__(self, tools, rules=None, hooks=None):
        self.tools = {tool.code: tool for tool in tools}
        self.rules = rules or Rules()
        self.hooks = hooks
        self.journal = []
        self.loans = {}

    def check_out(self, code, member, day, days=None):
        """Hand out a tool and give the Loan; ``days`` is the rules' number where it is None."""
        tool = self._tool(code, CheckOutError)
        if not self.can_check_out(code):
            raise CheckOutError(f"{code} is out until day {self.loans[code].due}")
        days = self.rules.check_out_days(days)
        self._fire("before_check_out", tool, member, day)
        loan = Loan(code, member, day, day + days)
        self.loans[code] = loan
        self.journal.append(Entry("out", code, member, day))
        self._fire("after_check_out", tool, member, day)
        return loan

    def check_in(self, code, day):
        """Take a tool back and give the late fee in cents."""
        tool = self._tool(code, CheckInError)
        if code not in self.loans:
            raise CheckInError(f"{code} is in already")
        loan = self.loans[code]
        if day < loan.day:
            raise CheckInError(f"{code} went out on day {loan.day}, later than day {day}")
        self._fire("before_check_in", tool, loan.member, day)
        del self.loans[code]
        self.journal.append(Entry("in", code, loan.member, day))
        self._fire("after_check_in", tool, loan.member, day)
        return self.rules.fee(day - loan.due)

    def can_check_out(self, code):
        return code in self.tools and code not in self.loans

    def check_inventory(self):
        """Codes of all tools that are in the shed, in order."""
        return sorted(code for code in self.tools if code not in self.loans)

    def _tool(self, code, error):
        if code not in self.tools:
            raise error(f"{code} is not one of our tools")
        return self.tools[code]

    def _fire(self, event, tool, member, day):
        if self.hooks is not None:
            self.hooks.fire(event, tool, member, day)
