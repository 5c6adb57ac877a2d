"""The archive of recordings."""

import posixpath
from datetime import timedelta


def path_for(settings, day, show):
    """Where the recording of a show on a day lies."""
    name = f"{day.isoformat()}-{show.replace(' ', '_')}.{settings['archive']['format']}"
    return posixpath.join(settings["archive"]["folder"], f"{day:%Y}", name)


def expired(settings, days, today):
    """Those of ``days`` whose recordings may be deleted, oldest first."""
    keep = settings["archive"]["keep_days"]
    if keep is None:
        return []
    limit = today - timedelta(days=keep)
    return sorted(day for day in days if day < limit)
