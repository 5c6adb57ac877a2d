def merge_intervals(intervals):
    """Return the intervals with overlapping ones merged."""
    raise NotImplementedError
