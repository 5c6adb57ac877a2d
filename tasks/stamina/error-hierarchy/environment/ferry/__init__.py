"""The ticket office of a small ferry line."""
