"""What a wake filter is worth: its rates on triggers that tuned nothing, and the money of its calls, wakes and misses.

Formulas and their sources: docs/wake.md.
"""
