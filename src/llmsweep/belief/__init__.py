"""What the episodes so far make one believe about every cell: a hierarchical factorial model of pass probabilities.

Plain arrays of tasks x cells go in; nothing here knows logs, episodes or strategies, so that a strategy that asks what
to run next and an analysis that reads a finished log draw on the same belief.
"""
