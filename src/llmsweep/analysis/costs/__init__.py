"""What attempts cost, and when a machine of one's own is cheaper than tokens: views of the log, computed when read.

Formulas and their sources: docs/costs.md.
"""
