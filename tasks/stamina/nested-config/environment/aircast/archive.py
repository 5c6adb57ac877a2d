"""The archive of recordings."""

import posixpath
import re
from datetime import timedelta


def path_for(settings, day, show):
    """Where the recording of a show on a day lies."""
    name = f"{day.isoformat()}-{show.replace(' ', '_')}.{settings['archive_format']}"
    return posixpath.join(settings["archive_dir"], f"{day:%Y}", name)


def expired(settings, days, today):
    """Those of ``days`` whose recordings may be deleted, oldest first."""
    keep = settings["archive_keep"]
    if keep == "forever":
        return []
    number, unit = re.fullmatch(r"(\d+)([wd])", keep).groups()
    limit = today - timedelta(days=int(number) * (7 if unit == "w" else 1))
    return sorted(day for day in days if day < limit)
