"""The tool shed's public names."""

from toolshed.desk import check_in, check_out
from toolshed.errors import CheckInError, CheckOutError, ShedError
from toolshed.planning import plan
from toolshed.shed import Loan, Shed
from toolshed.tools import Tool, check_outdoor
from toolshed.workshop import QuotaShed, WorkshopShed

__all__ = [
    "CheckInError",
    "CheckOutError",
    "Loan",
    "QuotaShed",
    "Shed",
    "ShedError",
    "Tool",
    "WorkshopShed",
    "check_in",
    "check_out",
    "check_outdoor",
    "plan",
]
