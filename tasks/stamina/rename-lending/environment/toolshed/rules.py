"""Days and fees, from a JSON file with one section for each direction."""

import json

from toolshed.errors import CheckOutError

DEFAULTS = {
    "check_out": {"days": 7, "longest": 28},
    "check_in": {"fee_per_day": 100, "free_days": 1, "highest_fee": 2000},
}


class Rules:
    """``sections``: what differs from DEFAULTS. Raises ValueError for an unknown section or key."""

    def __init__(self, sections=None):
        self.sections = {name: dict(section) for name, section in DEFAULTS.items()}
        for name, section in (sections or {}).items():
            for key, value in section.items():
                if key not in DEFAULTS.get(name, {}):
                    raise ValueError(f"{name}.{key} is no rule")
                self.sections[name][key] = value

    def check_out_days(self, wanted=None):
        """How many days a loan lasts. Raises CheckOutError where too many are wanted."""
        section = self.sections["check_out"]
        days = section["days"] if wanted is None else wanted
        if not 1 <= days <= section["longest"]:
            raise CheckOutError(f"{days} days are not between 1 and {section['longest']}")
        return days

    def fee(self, days_late):
        section = self.sections["check_in"]
        late = max(0, days_late - section["free_days"])
        return min(late * section["fee_per_day"], section["highest_fee"])


def load_rules(path):
    with open(path, encoding="utf-8") as file:
        return Rules(json.load(file))
